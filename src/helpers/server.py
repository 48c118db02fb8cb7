"""What `make lab` changes in the Jupyter server: it sends at once what the kernel says."""

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class PromptConnection(ZMQChannelsWebsocketConnection):
    """A connection between browser and kernel that does not hold small messages back.

    By default the operating system waits up to 40 ms with a small message until the browser has
    confirmed the one before it (Nagle's algorithm). A widget's answer consists of such messages.
    """

    def connect(self):
        """Open the connection."""
        self.websocket_handler.set_nodelay(True)
        return super().connect()
