using FlexEdit.Models.Editing;
using FlexEdit.Training.Editor;
using FlexEdit.Training.Loop;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Training.Understanding;

/// <summary>Linear readers that exist in training only: the name from the patches under the true mask, and the canonical edit from the Q-Former's tokens.</summary>
internal sealed class CanonicalProbes : nn.Module
{
    private readonly Linear naming;
    private readonly ModuleList<Linear> canonical;

    public CanonicalProbes(EditVocabulary vocabulary, int width)
        : base(nameof(CanonicalProbes))
    {
        naming = nn.Linear(width, vocabulary.Names.Count + 1);
        canonical = nn.ModuleList(
            nn.Linear(width, vocabulary.Operations.Count), nn.Linear(width, vocabulary.Names.Count + 1),
            nn.Linear(width, vocabulary.Names.Count + 1), nn.Linear(width, vocabulary.Colours.Count + 1));
        RegisterComponents();
    }

    /// <summary>Cross-entropy of the marked object's name from patch features [B, P, width] averaged under the whole mask [B, 1, R, R].</summary>
    public Tensor NameLoss(Tensor features, Tensor fullMask, Tensor names, LossLog report)
    {
        var grid = (long)Math.Sqrt(features.shape[1]);
        var under = nn.functional.adaptive_avg_pool2d(fullMask, [grid, grid]).flatten(1).clamp_min(1e-4f);
        var pooled = ((under / under.sum(dim: 1, keepdim: true)).unsqueeze(1).to(features.dtype).matmul(features)).squeeze(1);
        var scores = naming.call(pooled).to(float32);
        var known = names.gt(0);
        var loss = (nn.functional.cross_entropy(scores, names, reduction: nn.Reduction.None) * known.to(float32)).sum() / known.sum().clamp_min(1);
        report.Add("tower top1", Share(scores, names, known));
        report.Add("tower", loss.item<float>());
        return loss;
    }

    /// <summary>Cross-entropy of operation, old name, new name and colour from the Q-Former's first tokens [B, N, width].</summary>
    public Tensor CanonicalLoss(Tensor tokens, Tensor ids, LossLog report)
    {
        var loss = zeros(1).squeeze();
        for (var i = 0; i < EditTeacher.Parts; i++)
        {
            var scores = canonical[i].call(tokens.select(1, i)).to(float32);
            var wanted = ids.select(1, i);
            loss = loss + nn.functional.cross_entropy(scores, wanted);
            report.Add(i switch { 0 => "op", 1 => "old", 2 => "new", _ => "colour" }, Share(scores, wanted, i is 0 ? wanted.ge(0) : wanted.gt(0)));
        }
        return loss;
    }

    private static double Share(Tensor scores, Tensor wanted, Tensor counted)
    {
        using var scope = NewDisposeScope();
        var total = counted.sum().item<long>();
        return total == 0 ? double.NaN : scores.argmax(1).eq(wanted).logical_and(counted).sum().item<long>() / (double)total;
    }
}
