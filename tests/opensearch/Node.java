import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.codelibs.opensearch.runner.node.OpenSearchRunnerNode;
import org.opensearch.common.logging.LogConfigurator;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.plugins.Plugin;

/** One OpenSearch node in this JVM. Usage: java -cp 'lib/*' Node.java HOME, where HOME/config holds opensearch.yml and log4j2.properties. */
public class Node {
    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]).toAbsolutePath();
        for (String folder : List.of("data", "logs", "modules", "plugins")) Files.createDirectories(home.resolve(folder));
        Settings settings = Settings.builder()
            .put("path.home", home.toString())
            .put("path.data", home.resolve("data").toString())
            .put("path.logs", home.resolve("logs").toString())
            .build();
        Environment environment = InternalSettingsPreparer.prepareEnvironment(settings, Collections.emptyMap(), home.resolve("config"), () -> "node");
        LogConfigurator.registerErrorListener();
        LogConfigurator.configure(environment);
        // What the distribution has as modules; an embedded node is told each.
        List<Class<? extends Plugin>> modules = List.of(
            org.opensearch.transport.Netty4ModulePlugin.class,
            org.opensearch.analysis.common.CommonAnalysisModulePlugin.class,
            org.opensearch.index.reindex.ReindexModulePlugin.class,
            org.opensearch.index.mapper.MapperExtrasModulePlugin.class,
            org.opensearch.join.ParentJoinModulePlugin.class);
        OpenSearchRunnerNode node = new OpenSearchRunnerNode(environment, modules);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                node.close();
            } catch (Exception error) {
                error.printStackTrace();
            }
        }));
        node.start();
        // Whoever started this node holds the other end, and takes it along when dying, however that comes.
        while (System.in.read() >= 0) {}
        System.exit(0);
    }
}
