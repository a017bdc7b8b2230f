/// The masked autoencoder for video: configuration, geometry, masks, encoder, decoder, loss, training, reconstruction.
///
/// Data flows clip → patches → mask → encoder → decoder → loss → gradients → optimizer → checkpoint.
package org.tornadomae.mae;
