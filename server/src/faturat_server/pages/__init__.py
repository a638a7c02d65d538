"""The pages: server-rendered, working without JavaScript."""
