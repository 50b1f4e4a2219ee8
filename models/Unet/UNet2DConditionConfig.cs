using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlexEdit.Models.Unet;

/// <summary>
/// The <c>config.json</c> of a diffusers <c>UNet2DConditionModel</c>: the entries that Stable Diffusion 1.x and 2.x and their
/// descendants use. Lists run from the highest resolution to the lowest; a list of one holds for every level.
/// </summary>
public sealed record UNet2DConditionConfig
{
    /// <summary>Channels of the input: 4, or 8 with an image's latent beside the noisy one (InstructPix2Pix).</summary>
    public int InChannels { get; init; } = 4;

    /// <summary>Channels of the prediction.</summary>
    public int OutChannels { get; init; } = 4;

    /// <summary>Width of every level.</summary>
    public IReadOnlyList<int> BlockOutChannels { get; init; } = [320, 640, 1280, 1280];

    /// <summary><c>CrossAttnDownBlock2D</c> or <c>DownBlock2D</c> for every level.</summary>
    public IReadOnlyList<string> DownBlockTypes { get; init; } = ["CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"];

    /// <summary><c>UNetMidBlock2DCrossAttn</c>.</summary>
    public string MidBlockType { get; init; } = "UNetMidBlock2DCrossAttn";

    /// <summary><c>CrossAttnUpBlock2D</c> or <c>UpBlock2D</c> for every level, from the lowest resolution to the highest.</summary>
    public IReadOnlyList<string> UpBlockTypes { get; init; } = ["UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"];

    /// <summary>Residual blocks in a down block; an up block has one more.</summary>
    [JsonConverter(typeof(OneOrMany))]
    public IReadOnlyList<int> LayersPerBlock { get; init; } = [2];

    /// <summary>Width of the states that cross-attention looks at.</summary>
    [JsonConverter(typeof(OneOrMany))]
    public IReadOnlyList<int> CrossAttentionDim { get; init; } = [1280];

    /// <summary>The number of attention heads. The name is diffusers' old mistake: it was never the width of a head in these models.</summary>
    [JsonConverter(typeof(OneOrMany))]
    public IReadOnlyList<int> AttentionHeadDim { get; init; } = [8];

    /// <summary>Transformer blocks in each attention.</summary>
    [JsonConverter(typeof(OneOrMany))]
    public IReadOnlyList<int> TransformerLayersPerBlock { get; init; } = [1];

    /// <summary>True where the projections around the transformer are linear layers (2.x), false for 1x1 convolutions (1.x).</summary>
    public bool UseLinearProjection { get; init; }

    /// <summary>Groups of every group norm.</summary>
    public int NormNumGroups { get; init; } = 32;

    /// <summary>Epsilon of the residual blocks' norms and of the last norm.</summary>
    public double NormEps { get; init; } = 1e-5;

    /// <summary>True when the time embedding's cosines come before its sines.</summary>
    public bool FlipSinToCos { get; init; } = true;

    /// <summary>Subtracted from the number of frequencies in the time embedding's exponent.</summary>
    public double FreqShift { get; init; }

    /// <summary>True when the input is mapped from [0, 1] to [-1, 1] first.</summary>
    public bool CenterInputSample { get; init; }

    /// <summary>Kernel of the first convolution; odd.</summary>
    public int ConvInKernel { get; init; } = 3;

    /// <summary>Kernel of the last convolution; odd.</summary>
    public int ConvOutKernel { get; init; } = 3;

    /// <summary>Every other entry of the file. Those that would change the network must be at diffusers' defaults; see <see cref="Validate"/>.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement> Others { get; init; } = [];

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    /// <summary>Reads and validates the text of a <c>config.json</c>; absent entries are at diffusers' defaults.</summary>
    /// <exception cref="JsonException">The text is not such an object.</exception>
    /// <exception cref="NotSupportedException">It asks for a variant that is not built; all such entries are named.</exception>
    public static UNet2DConditionConfig Parse(string json)
    {
        var config = JsonSerializer.Deserialize<UNet2DConditionConfig>(json, Json) ?? throw new JsonException("The configuration is null.");
        config.Validate();
        return config;
    }

    /// <summary>Reads and validates a <c>config.json</c>; see <see cref="Parse"/>.</summary>
    public static UNet2DConditionConfig Read(string path) => Parse(File.ReadAllText(path));

    /// <summary>The text of a <c>config.json</c> that <see cref="Parse"/> reads back.</summary>
    public string Format() => JsonSerializer.Serialize(this, Json);

    /// <summary>Levels of resolution.</summary>
    [JsonIgnore]
    public int Levels => BlockOutChannels.Count;

    /// <summary>A value of a list that holds one for every level, or one for all.</summary>
    internal static int At(IReadOnlyList<int> values, int level) => values[values.Count == 1 ? 0 : level];

    /// <summary>Checks that the entries agree with one another and ask only for what is built.</summary>
    /// <exception cref="NotSupportedException">They do not; every problem is named.</exception>
    public void Validate()
    {
        var problems = UNet2DConditionRules.Check(this);
        if (problems.Count > 0)
            throw new NotSupportedException($"This UNet configuration cannot be built: {string.Join("; ", problems)}.");
    }
}
