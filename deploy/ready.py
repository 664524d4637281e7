"""Exit 0 when the service in this container is ready, 1 with the reason when it is not."""

import http.client
import os
import sys

try:
    line = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("HTTP_PORT") or 8080), 8)
    line.request("GET", "/readyz")
    answer = line.getresponse()
    sys.exit(0 if answer.status == 200 else answer.read().decode())
except (OSError, http.client.HTTPException) as error:
    sys.exit(str(error) or type(error).__name__)
