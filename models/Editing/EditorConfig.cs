using System.Text.Json;
using System.Text.Json.Serialization;
using FlexEdit.Models.Autoencoders;
using FlexEdit.Models.Clip;
using FlexEdit.Models.Unet;

namespace FlexEdit.Models.Editing;

/// <summary>
/// Sizes of the painting half of a FlexEdit model (<c>editor.json</c> of its folder).
/// </summary>
public sealed record EditorConfig
{
    /// <summary>Side R of the crop in pixels.</summary>
    public required int Resolution { get; init; }
    /// <summary>Tokens N of the edit embedding e.</summary>
    public required int EmbeddingTokens { get; init; }
    /// <summary>Width D of the edit embedding e.</summary>
    public required int EmbeddingWidth { get; init; }
    /// <summary>The network reads the mask and its box as two channels.</summary>
    public required bool MaskChannels { get; init; }
    /// <summary>The box is where the new thing goes (<see cref="EditPlace"/>), and the network reads beside these where in it each cell is, as further channels. Only with <see cref="MaskChannels"/>.</summary>
    public bool BoxCoordinates { get; init; }
    /// <summary>The network reads the pasted subject as further latent channels.</summary>
    public required bool CollageChannels { get; init; }
    /// <summary>Without a subject, these show the look that the embedding ends with (<see cref="EditLook"/>). Only with <see cref="CollageChannels"/> and <see cref="BoxCoordinates"/>.</summary>
    public bool LookCollage { get; init; }
    /// <summary>It predicts the difference to the scene's latent.</summary>
    public required bool ResidualToScene { get; init; }
    /// <summary>The adapter looks at the scene (CA, eqs. 3 and 6). False only for the paper's ablation.</summary>
    public bool SceneAttention { get; init; } = true;
    /// <summary>The subject has keys and values of its own (DCA, eq. 7). False only for the paper's ablation: its tokens then stand behind those of the edit, in one attention.</summary>
    public bool DecoupledAttention { get; init; } = true;
    /// <summary>The network is given the subject's picture. False for methods that have no second picture.</summary>
    public bool SeesSubject { get; init; } = true;
    /// <summary>The network is given the edit embedding. False for methods without an instruction.</summary>
    public bool SeesInstruction { get; init; } = true;
    /// <summary>Time steps are t · this number, t in [0, 1].</summary>
    public double TimeScale { get; init; } = 1000;
    /// <summary>The patch autoencoder.</summary>
    public required PatchAutoencoderConfig Autoencoder { get; init; }
    /// <summary>The denoising network.</summary>
    public required UNet2DConditionConfig Unet { get; init; }
    /// <summary>The image encoder of the adapter.</summary>
    public required ClipVisionConfig ImageEncoder { get; init; }

    /// <summary>Channels that the denoising network must read.</summary>
    public int InputChannels => Autoencoder.LatentChannels * (CollageChannels ? 3 : 2) + MarkChannels;

    /// <summary>Channels of <see cref="EditConditions.Marks"/> that the network reads.</summary>
    [JsonIgnore]
    public int MarkChannels => !MaskChannels ? 0 : BoxCoordinates ? EditConditions.MarkChannels : 2;

    /// <summary>How <c>editor.json</c> is written.</summary>
    public static JsonSerializerOptions Json { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };
}
