"""A door for assistants: the search as tools of the Model Context Protocol, over stdio and HTTP.

Our own JSON-RPC and not the SDK: `mcp` 2.3 brings 27 packages (44 MB, .7 s to start), and what a server of tools without sessions has to
say is a page. The SDK's client is the test, in both generations of the protocol.
"""
