namespace FlexEdit.Models.Schedulers;

/// <summary>The noise level that the last step leaves. Names in files are in snake case.</summary>
public enum FinalSigma
{
    /// <summary>None.</summary>
    Zero,

    /// <summary>That of the first training step.</summary>
    SigmaMin,
}
