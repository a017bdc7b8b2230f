package org.tornadomae.mae.train;

import org.tornadomae.mae.mask.MaskConfig;
import org.tornadomae.mae.model.MaeConfig;

/// What is pre-trained, and on which masks.
public record PretrainConfig(MaeConfig model, MaskConfig mask) {
}
