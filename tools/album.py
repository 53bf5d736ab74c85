"""Keeps pictures of a small panel, large enough for a person to look at."""

from PIL import Image, ImageOps

SCALE, BORDER = 4, 16
GLASS, LIT, CASE = (4, 6, 10), (214, 236, 255), (38, 42, 48)


class Album:
    """Numbered PNG files in a folder. latest: what the panel shows, an image. count: how often that changed."""

    def __init__(self, folder):
        self.latest = None
        self.count = 0
        self._folder = folder
        self._kept = 0

    def show(self, picture):
        """The panel shows this now, an image of mode 1."""
        self.latest = picture
        self.count += 1

    def keep(self, name, picture=None):
        """Write the picture, without one what the panel shows; returns the name of its file."""
        picture = (picture or self.latest).convert("L")
        large = picture.resize((picture.width * SCALE, picture.height * SCALE), Image.Resampling.NEAREST)
        self._kept += 1
        file = f"screen-{self._kept}-{name}.png"
        ImageOps.expand(ImageOps.colorize(large, GLASS, LIT), BORDER, CASE).save(self._folder / file)
        return file
