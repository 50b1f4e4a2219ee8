namespace FlexEdit.Models.Images;

/// <summary>The kernels of Pillow's resampling, by Pillow's own numbers, which published configurations hold as <c>resample</c>.</summary>
public enum ResamplingFilter
{
    /// <summary>Sinc windowed by sinc, three lobes.</summary>
    Lanczos = 1,

    /// <summary>Triangle.</summary>
    Bilinear = 2,

    /// <summary>Keys's cubic with a = -0.5.</summary>
    Bicubic = 3,
}
