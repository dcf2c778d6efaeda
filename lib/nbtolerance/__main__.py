"""``python -m nbtolerance``, which ends in one line also where it is interrupted as it starts."""

import sys

try:
    from nbtolerance.commands import main
except KeyboardInterrupt:
    sys.stderr.write("interrupted\n")
    sys.exit(130)

if __name__ == "__main__":
    sys.exit(main())
