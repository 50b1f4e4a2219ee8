namespace FlexEdit.Models.Schedulers;

/// <summary>Which of the training steps sampling visits (Lin et al. 2024, "Common Diffusion Noise Schedules and Sample Steps Are Flawed", table 2).</summary>
public enum TimestepSpacing
{
    /// <summary>Multiples of a whole step from 0; never the noisiest step.</summary>
    Leading,

    /// <summary>Evenly from the first to the last training step.</summary>
    Linspace,

    /// <summary>Evenly downwards from the last training step.</summary>
    Trailing,
}
