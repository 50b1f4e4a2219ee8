using System.Globalization;
using FlexEdit.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Lpips;

/// <summary>
/// The learned perceptual distance between pictures, LPIPS version 0.1 (Zhang et al. 2018, eq. 1), under the published names.
/// Larger is less alike; equal pictures have 0.
/// </summary>
public sealed class PerceptualDistance : nn.Module
{
    private const double Epsilon = 1e-10;
    private readonly LpipsScaling scaling_layer;
    private readonly LpipsTrunk net;
    private readonly LpipsLinear lin0;
    private readonly LpipsLinear lin1;
    private readonly LpipsLinear lin2;
    private readonly LpipsLinear lin3;
    private readonly LpipsLinear lin4;
    private readonly LpipsNet _kind;

    /// <summary>Builds the network; its weights are random until they are loaded.</summary>
    public PerceptualDistance(LpipsNet kind, Device? device = null)
        : base(nameof(PerceptualDistance))
    {
        _kind = kind;
        scaling_layer = new LpipsScaling(device);
        net = new LpipsTrunk(kind, device);
        lin0 = new LpipsLinear(net.Widths[0], device);
        lin1 = new LpipsLinear(net.Widths[1], device);
        lin2 = new LpipsLinear(net.Widths[2], device);
        lin3 = new LpipsLinear(net.Widths[3], device);
        lin4 = new LpipsLinear(net.Widths[4], device);
        RegisterComponents();
    }

    /// <summary>
    /// The network's name for a tensor of a published file: the whole module's (whose linear layers are there twice), the linear layers' own
    /// file, or torchvision's trunk (<c>features.N</c>). Null for repetitions and for the trunk's classifier.
    /// </summary>
    public string? NameInNetwork(string nameInCheckpoint)
    {
        const string Features = "features.";
        if (nameInCheckpoint.StartsWith("lins.", StringComparison.Ordinal) || nameInCheckpoint.StartsWith("classifier.", StringComparison.Ordinal))
            return null;
        if (!nameInCheckpoint.StartsWith(Features, StringComparison.Ordinal))
            return nameInCheckpoint;
        var rest = nameInCheckpoint[Features.Length..];
        var dot = rest.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && int.TryParse(rest[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out var layer)
            ? $"net.slice{LpipsTrunk.SliceOf(_kind, layer)}.{rest}"
            : nameInCheckpoint;
    }

    /// <summary>The distance of each pair.</summary>
    /// <param name="first">[batch, 3, H, W] in [-1, 1]; sides of at least 32 pixels for VGG16, 64 for AlexNet.</param>
    /// <param name="second">The same shape.</param>
    /// <returns>[batch].</returns>
    /// <exception cref="ArgumentException">The shapes differ, or are no pictures.</exception>
    public Tensor Forward(Tensor first, Tensor second)
    {
        if (first.dim() != 4 || first.shape[1] != 3 || !first.shape.SequenceEqual(second.shape))
            throw new ArgumentException($"Pictures must be [batch, 3, H, W] and of one shape, not [{string.Join(", ", first.shape)}] and [{string.Join(", ", second.shape)}].", nameof(second));
        using var scope = NewDisposeScope();
        var (ours, theirs) = (net.Forward(scaling_layer.Forward(first)), net.Forward(scaling_layer.Forward(second)));
        LpipsLinear[] layers = [lin0, lin1, lin2, lin3, lin4];
        var distance = zeros(first.shape[0], first.dtype, first.device);
        for (var i = 0; i < layers.Length; i++)
            distance += layers[i].Forward((Unit(ours[i]) - Unit(theirs[i])).square()).mean([1, 2, 3]);
        return distance.MoveToOuterDisposeScope();
    }

    private static Tensor Unit(Tensor map) => map / (map.square().sum(1, keepdim: true).sqrt() + Epsilon);
}

/// <summary>From [-1, 1] to what the trunks were trained on (<c>scaling_layer</c>).</summary>
internal sealed class LpipsScaling : nn.Module
{
    private readonly Tensor shift;
    private readonly Tensor scale;

    public LpipsScaling(Device? device)
        : base(nameof(LpipsScaling))
    {
        shift = tensor(new[] { -.030f, -.088f, -.188f }, device: device).view(1, 3, 1, 1);
        scale = tensor(new[] { .458f, .448f, .450f }, device: device).view(1, 3, 1, 1);
        RegisterComponents();
    }

    public Tensor Forward(Tensor pixels) => (pixels - shift) / scale;
}

/// <summary>How much each channel counts (<c>linN</c>; number 0 of <c>model</c> is a dropout, which only training needs).</summary>
internal sealed class LpipsLinear : nn.Module
{
    private readonly Sequential model;

    public LpipsLinear(int channels, Device? device)
        : base(nameof(LpipsLinear))
    {
        model = nn.Sequential(("1", new SquareConv2d(channels, 1, 1, bias: false, device: device)));
        RegisterComponents();
    }

    public Tensor Forward(Tensor map) => model.call(map);
}
