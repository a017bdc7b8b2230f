/// Pictures: what a model makes of a masked clip, as pixels, measured and drawn.
package org.tornadomae.mae.picture;
