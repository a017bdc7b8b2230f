/// Videos made on the spot: something to learn within minutes, with no data set at hand.
package org.tornadomae.video.synthetic;
