"""How far a long run is, on standard error: a line that rewrites itself on a terminal, else a line every 5 per cent."""

from __future__ import annotations

import sys

from reportgen.receipts import MANY


class Progress:
    """Counts up to ``total``; silent for a few."""

    def __init__(self, total: int) -> None:
        self.total, self.done, self.shown = total, 0, 0
        self.live = total >= MANY and sys.stderr.isatty()

    def step(self) -> None:
        """One more is done; call before its result is printed, and ``show`` after."""
        self.done += 1
        self._write("\r\x1b[K" if self.live else "")

    def show(self) -> None:
        """Say how far it is, where it is time to."""
        share = 100 * self.done // self.total
        text = f"已完成{self.done}/{self.total}（{share}%）"
        if self.live:
            filled = 30 * self.done // self.total
            self._write(f"{'█' * filled}{'░' * (30 - filled)} {text}" if self.done < self.total else "")
        elif self.total >= MANY and share // 5 > self.shown:
            self.shown = share // 5
            self._write(f"{text}\n")

    def _write(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()
