"""Print the one-stop shop's schema: `python -m federation.one_stop_shop`."""

import sys

from federation.one_stop_shop.schema import schema

sys.stdout.write(schema.as_str() + "\n")
