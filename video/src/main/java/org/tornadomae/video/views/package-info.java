/// A video as the test looks at it: several clips along its time, several crops of each, nothing random.
package org.tornadomae.video.views;
