using FlexEdit.Masks.FreeShapes;
using FlexEdit.Training.World;

namespace FlexEdit.Training.Benchmark;

/// <summary>What a case of FSMI-Edit-Mini is made of.</summary>
internal sealed record MiniPlan(bool Multiple, int Number, EditOperation Operation, FreeShapeKind Kind, int Quarter, bool Indoor, bool Complex)
{
    private static readonly EditOperation[] Singles = [EditOperation.AddNamed, EditOperation.Remove, EditOperation.ReplaceNamed, EditOperation.Recolour, EditOperation.Paint];

    /// <summary>
    /// The paper's composition: 80 single and 125 multiple cases, the eight kinds of mask, four orientations, indoor and outdoor, simple and complex
    /// subjects, added and replaced. The paper does not say how many of each; here every one is as often as the other, to the remainder.
    /// </summary>
    public static IEnumerable<MiniPlan> All()
    {
        for (var i = 0; i < 80; i++)
            yield return new MiniPlan(false, i + 1, Singles[i / 8 % 5], DrawnShape.Kinds[i % 8], ((i / 8) + i) % 4, i / 8 % 2 == 0, false);
        for (var i = 0; i < 125; i++)
        {
            yield return new MiniPlan(
                true, i + 1, i / 32 % 2 == 0 ? EditOperation.AddSubject : EditOperation.ReplaceSubject, DrawnShape.Kinds[i % 8], ((i / 8) + i) % 4, i / 8 % 2 == 0, i / 16 % 2 == 0);
        }
    }

    /// <summary>The case's id.</summary>
    public string Id => $"{(Multiple ? "multiple" : "single")}-{Number:D3}";
}
