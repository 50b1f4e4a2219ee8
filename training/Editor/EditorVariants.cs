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
        SceneAttention = false,
        DecoupledAttention = false,
        SeesSubject = false,
    };

    private static readonly Dictionary<string, EditorConfig> s_configs = new(StringComparer.Ordinal)
    {
        [Ours] = TinyEditor.Config,
        // The paper's ablations, tables 3 and 4.
        ["without-ca"] = TinyEditor.Config with { SceneAttention = false },
        ["without-dca"] = TinyEditor.Config with { DecoupledAttention = false },
        // Instruction and scene, nothing else (Brooks et al. 2023).
        ["instructpix2pix-like"] = s_bare,
        // The same with the mask as a channel (Zhang et al. 2023).
        ["magicbrush-like"] = s_bare with { MaskChannels = true },
        // Text and picture look at each other, no mask (Huang et al. 2024).
        ["smartedit-like"] = s_bare with { SceneAttention = true },
        // Subject tokens beside those of the instruction, in one attention, no mask (Li et al. 2023).
        ["instructany2pix-like"] = s_bare with { SeesSubject = true },
        // Mask, subject tokens and collage, no instruction (Chen et al. 2024).
        ["anydoor-like"] = s_bare with { MaskChannels = true, CollageChannels = true, SeesSubject = true, SeesInstruction = false },
        // Mask, instruction, and the subject in an attention of its own, no collage (Pan et al. 2024).
        ["largen-like"] = s_bare with { MaskChannels = true, DecoupledAttention = true, SeesSubject = true },
    };

    /// <summary>All names.</summary>
    public static IReadOnlyCollection<string> Names => s_configs.Keys;

    /// <summary>A method's configuration; the UNet's input fits it.</summary>
    /// <exception cref="KeyNotFoundException">There is no such method.</exception>
    public static EditorConfig Of(string name)
    {
        var config = s_configs[name];
        return config with { Unet = config.Unet with { InChannels = config.InputChannels } };
    }
}
