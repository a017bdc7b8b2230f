package org.tornadomae.video.augment;

/// The operations that [RandAugment] chooses from: timm's "increasing" set, where a higher magnitude always means more
/// change. Each row says how the argument follows from the part of the full magnitude (0..1) and from the sign (±1),
/// and what it does to a frame.
///
/// Source: mae_st and PySlowFast, `rand_augment.py` (copies of timm's), and the methods of PIL named here.
enum Operation {
    /// `ImageOps.autocontrast`
    AUTO_CONTRAST((_, _) -> 0, (_, _) -> PointEffects.autoContrast()),
    /// `ImageOps.equalize`
    EQUALIZE((_, _) -> 0, (_, _) -> PointEffects.equalize()),
    /// `ImageOps.invert`
    INVERT((_, _) -> 0, (_, _) -> PointEffects.invert()),
    /// `Image.rotate` by degrees
    ROTATE((part, sign) -> sign * (part * 30), Affine::rotate),
    /// `ImageOps.posterize` to so many bits
    POSTERIZE((part, _) -> 4 - (int) (part * 4), (bits, _) -> PointEffects.posterize((int) bits)),
    /// `ImageOps.solarize` from a threshold on
    SOLARIZE((part, _) -> 256 - (int) (part * 256), (threshold, _) -> PointEffects.solarize((int) threshold)),
    /// timm's `solarize_add` of so much
    SOLARIZE_ADD((part, _) -> (int) (part * 110), (add, _) -> PointEffects.solarizeAdd((int) add)),
    /// `ImageEnhance.Color` by a factor
    COLOR((part, sign) -> 1 + sign * (part * 0.9), (factor, _) -> Blend.color((float) factor)),
    /// `ImageEnhance.Contrast` by a factor
    CONTRAST((part, sign) -> 1 + sign * (part * 0.9), (factor, _) -> PointEffects.contrast((float) factor)),
    /// `ImageEnhance.Brightness` by a factor
    BRIGHTNESS((part, sign) -> 1 + sign * (part * 0.9), (factor, _) -> PointEffects.brightness((float) factor)),
    /// `ImageEnhance.Sharpness` by a factor
    SHARPNESS((part, sign) -> 1 + sign * (part * 0.9), (factor, _) -> Blend.sharpness((float) factor)),
    /// `Image.transform`: columns per row
    SHEAR_X((part, sign) -> sign * (part * 0.3), Affine::shearX),
    /// `Image.transform`: rows per column
    SHEAR_Y((part, sign) -> sign * (part * 0.3), Affine::shearY),
    /// `Image.transform`: part of the width
    TRANSLATE_X((part, sign) -> sign * (part * 0.45), Affine::translateX),
    /// `Image.transform`: part of the height
    TRANSLATE_Y((part, sign) -> sign * (part * 0.45), Affine::translateY);

    /// The argument of an operation.
    @FunctionalInterface
    private interface Argument {
        double of(double part, int sign);
    }

    /// What an operation does with its argument.
    @FunctionalInterface
    private interface Maker {
        FrameEffect of(double argument, Interpolation interpolation);
    }

    private final Argument argument;
    private final Maker maker;

    Operation(Argument argument, Maker maker) {
        this.argument = argument;
        this.maker = maker;
    }

    /// @param magnitude from 0 to [RandAugment#MAX_MAGNITUDE]
    /// @param sign      1 or −1; some operations have no use for it
    double argument(double magnitude, int sign) {
        return argument.of(magnitude / RandAugment.MAX_MAGNITUDE, sign);
    }

    /// @param interpolation of the operations that move pixels
    FrameEffect effect(double operand, Interpolation interpolation) {
        return maker.of(operand, interpolation);
    }
}
