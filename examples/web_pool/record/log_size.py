"""Samples the size of a file on a fixed grid until it is ended. Arguments: file, output."""

import datetime
import os
import sys
import time

from settings import LOG_SIZE_SECONDS

with open(sys.argv[2], "w") as out:
    print("timestamp,bytes", file=out)
    while True:
        time.sleep(LOG_SIZE_SECONDS - time.time() % LOG_SIZE_SECONDS)
        now = datetime.datetime.now(datetime.timezone.utc)
        print(f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03d}Z,{os.stat(sys.argv[1]).st_size}", file=out, flush=True)
