using FlexEdit.Models.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Unet;

/// <summary>
/// Multi-head attention of a transformer block: self-attention, or cross-attention to keys and values that were projected before
/// (<see cref="Project"/>), with an optional second, decoupled branch: Z' = Attn(Q, K1, V1) + λ·Attn(Q, K2, V2) (FlexEdit eq. 7; IP-Adapter).
/// </summary>
public sealed class Attention : nn.Module<Tensor, Tensor>
{
    private readonly Linear to_q;
    private readonly Linear to_k;
    private readonly Linear to_v;
    private readonly ModuleList<Linear> to_out;
    private DecoupledProjections? _decoupled;

    /// <summary>Makes the projections.</summary>
    /// <param name="width">Width of the states.</param>
    /// <param name="heads">Number of heads; divides the width.</param>
    /// <param name="contextWidth">Width of what the keys and values come from: the states themselves, or those of cross-attention.</param>
    /// <param name="device">Where the weights live.</param>
    public Attention(int width, int heads, int contextWidth, Device? device) : base(nameof(Attention))
    {
        (Width, Heads, ContextWidth) = (width, heads, contextWidth);
        to_q = nn.Linear(width, width, hasBias: false, device: device);
        to_k = nn.Linear(contextWidth, width, hasBias: false, device: device);
        to_v = nn.Linear(contextWidth, width, hasBias: false, device: device);
        to_out = nn.ModuleList(nn.Linear(width, width, device: device));
        RegisterComponents();
    }

    /// <summary>Width of the states, and of keys and values.</summary>
    public int Width { get; }

    /// <summary>Number of heads.</summary>
    public int Heads { get; }

    /// <summary>Width of the states that keys and values are made from.</summary>
    public int ContextWidth { get; }

    /// <summary>Width of the subject states of the decoupled branch; null while that branch is off.</summary>
    public int? SubjectWidth { get; private set; }

    /// <summary>The subject branch's own weights; null while it is off or shares the first branch's.</summary>
    public DecoupledProjections? Decoupled => _decoupled;

    /// <summary>Where the weights live.</summary>
    internal Device Device => to_k.weight!.device;

    /// <summary>Place among the network's cross-attentions, in the order in which they run.</summary>
    internal int Layer { get; set; } = -1;

    /// <summary>Attends among the states themselves: [batch, length, width] to the same.</summary>
    public override Tensor forward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        var attended = MultiHeadAttention.Attend(to_q.call(hidden), to_k.call(hidden), to_v.call(hidden), Heads);
        return to_out[0].call(attended).MoveToOuterDisposeScope();
    }

    /// <summary>Attends to projected keys and values.</summary>
    /// <param name="hidden">[batch, length, width].</param>
    /// <param name="context">Keys and values of as many rows.</param>
    /// <param name="subjectScale">λ of every row, [batch]; null for one in each. Used only with subject keys.</param>
    /// <returns>[batch, length, width].</returns>
    public Tensor forward(Tensor hidden, CrossAttentionKeysValues context, Tensor? subjectScale)
    {
        using var scope = NewDisposeScope();
        var query = to_q.call(hidden);
        var attended = MultiHeadAttention.Attend(query, context.Keys, context.Values, Heads);
        if (context.SubjectKeys is { } keys && context.SubjectValues is { } values)
        {
            var subject = MultiHeadAttention.Attend(query, keys, values, Heads);
            attended = subjectScale is null ? attended + subject : attended.addcmul(subject, subjectScale.to(subject.dtype).view(-1, 1, 1), 1);
        }
        return to_out[0].call(attended).MoveToOuterDisposeScope();
    }

    /// <summary>Projects states to the keys and values of cross-attention.</summary>
    /// <param name="states">f1, [batch, tokens, context width]; converted to the weights' type.</param>
    /// <param name="subject">f2, [batch, tokens, subject width], or null.</param>
    /// <exception cref="InvalidOperationException">Subject states are given, but the decoupled branch is off.</exception>
    public CrossAttentionKeysValues Project(Tensor states, Tensor? subject = null)
    {
        using var scope = NewDisposeScope();
        var type = to_k.weight!.dtype;
        var input = states.to(type);
        var result = new CrossAttentionKeysValues(to_k.call(input), to_v.call(input));
        if (subject is not null)
        {
            if (SubjectWidth is null)
                throw new InvalidOperationException("Subject states need decoupled attention: call EnableDecoupledAttention first.");
            var subjectInput = subject.to(type);
            result = result with
            {
                SubjectKeys = (_decoupled?.Keys ?? to_k).call(subjectInput),
                SubjectValues = (_decoupled?.Values ?? to_v).call(subjectInput),
            };
        }
        result.ForEach(tensor => tensor.MoveToOuterDisposeScope());
        return result;
    }

    /// <summary>
    /// Adds the decoupled branch. Its own weights begin as copies of the first branch's where the widths agree (as IP-Adapter is trained);
    /// shared ones are the formula of the paper's eq. 7 as written.
    /// </summary>
    /// <param name="subjectWidth">Width of the subject states.</param>
    /// <param name="sharedWeights">True to use <c>to_k</c> and <c>to_v</c> for both branches.</param>
    /// <exception cref="InvalidOperationException">The branch is on already.</exception>
    /// <exception cref="ArgumentException">Weights cannot be shared between states of different widths.</exception>
    public void EnableDecoupled(int subjectWidth, bool sharedWeights)
    {
        if (SubjectWidth is not null)
            throw new InvalidOperationException("Decoupled attention is enabled already.");
        if (sharedWeights && subjectWidth != ContextWidth)
            throw new ArgumentException($"Shared weights need subject states of width {ContextWidth}, not {subjectWidth}.", nameof(subjectWidth));
        SubjectWidth = subjectWidth;
        if (sharedWeights)
            return;
        var weight = to_k.weight!;
        _decoupled = new DecoupledProjections(subjectWidth, Width, weight.device, weight.dtype);
        if (subjectWidth == ContextWidth && weight.device.type != DeviceType.META)
        {
            using var noGrad = no_grad();
            _decoupled.Keys.weight!.copy_(weight);
            _decoupled.Values.weight!.copy_(to_v.weight!);
        }
        register_module("processor", _decoupled);
    }
}
