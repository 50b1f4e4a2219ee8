using FlexEdit.Models.Editing;

namespace FlexEdit.Training.Editor;

/// <summary>
/// Other methods in flexedit-tiny's setting: the same data, sizes, autoencoder and reading half, so that only what a method lets its denoising network see differs.
/// They are the ideas of those methods and not their published networks, and are named so.
/// </summary>
public static class EditorVariants
{
    /// <summary>FlexEdit itself.</summary>
    public const string Ours = "flexedit";

    private static readonly EditorConfig s_bare = TinyEditor.Config with
    {
        MaskChannels = false,
        CollageChannels = false,
        LookCollage = false,
        SceneAttention = false,
        DecoupledAttention = false,
        SeesSubject = false,
    };

    private static readonly Dictionary<string, (string Sees, EditorConfig Config)> s_methods = new(StringComparer.Ordinal)
    {
        [Ours] = ("everything", TinyEditor.Config),
        // The paper's ablations, tables 3 and 4.
        ["without-ca"] = ("everything, but its adapter does not look at the scene", TinyEditor.Config with { SceneAttention = false }),
        ["without-dca"] = ("everything, the subject's tokens in the one attention", TinyEditor.Config with { DecoupledAttention = false }),
        // Brooks et al. 2023.
        ["instructpix2pix-like"] = ("scene and instruction", s_bare),
        // Zhang et al. 2023.
        ["magicbrush-like"] = ("scene and instruction, the mask as a channel", s_bare with { MaskChannels = true }),
        // Huang et al. 2024.
        ["smartedit-like"] = ("scene and instruction, which look at each other", s_bare with { SceneAttention = true }),
        // Li et al. 2023.
        ["instructany2pix-like"] = ("scene, instruction and subject in one attention", s_bare with { SeesSubject = true }),
        // Chen et al. 2024.
        ["anydoor-like"] = ("scene, mask, subject and collage, no instruction", s_bare with { MaskChannels = true, CollageChannels = true, SeesSubject = true, SeesInstruction = false }),
        // Pan et al. 2024.
        ["largen-like"] = ("scene, mask and instruction, the subject in an attention of its own, no collage", s_bare with { MaskChannels = true, DecoupledAttention = true, SeesSubject = true }),
    };

    /// <summary>All names.</summary>
    public static IReadOnlyCollection<string> Names => s_methods.Keys;

    /// <summary>What a method's denoising network is given, as its card says it.</summary>
    /// <exception cref="KeyNotFoundException">There is no such method.</exception>
    public static string Sees(string name) => s_methods[name].Sees;

    /// <summary>A method's configuration; the UNet's input fits it.</summary>
    /// <exception cref="KeyNotFoundException">There is no such method.</exception>
    public static EditorConfig Of(string name)
    {
        var config = s_methods[name].Config;
        return config with { Unet = config.Unet with { InChannels = config.InputChannels } };
    }
}
