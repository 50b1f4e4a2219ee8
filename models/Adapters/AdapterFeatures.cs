using static TorchSharp.torch;

namespace FlexEdit.Models.Adapters;

/// <summary>What a <see cref="MaskEnhancedAdapter"/> gives every cross-attention of the UNet, in the order in which those run.</summary>
/// <param name="Scene">f1 of every layer, [batch, tokens, D].</param>
/// <param name="Subject">f2 of every layer, [batch, subject tokens, subject width]; null without subject features.</param>
public sealed record AdapterFeatures(IReadOnlyList<Tensor> Scene, IReadOnlyList<Tensor>? Subject);
