"""The search for assistants: tools of the Model Context Protocol, over stdio and HTTP.

With JSON-RPC of our own instead of the SDK: `mcp` 2.3 brings 27 packages (44 MB, 0.7 s to start), while a server that has only tools and
no sessions needs a page of code. It is tested with the SDK's client, in both generations of the protocol.
"""
