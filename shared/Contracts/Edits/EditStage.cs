namespace FlexEdit.Contracts.Edits;

/// <summary>The steps that an edit goes through, as the public API names them.</summary>
public static class EditStage
{
    /// <summary>The vision-language model reads scene, mask, subject and instruction (paper, eq. 1).</summary>
    public const string Understanding = "understanding";
    /// <summary>The adapter and the diffusion model paint (paper, eqs. 3, 4, 6, 7).</summary>
    public const string Generating = "generating";
    /// <summary>Results are being written to the object store.</summary>
    public const string Storing = "storing";
}
