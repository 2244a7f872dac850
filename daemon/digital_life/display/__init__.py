"""The face: what every display is told, and the page that draws it."""
