namespace FlexEdit.Models.Unet;

/// <summary>What a prediction of a guided step is conditioned on.</summary>
public enum GuidanceBranch
{
    /// <summary>The image and the text.</summary>
    Full,

    /// <summary>The image, with the null text.</summary>
    ImageOnly,

    /// <summary>Neither: a zero image latent and the null text.</summary>
    None,
}
