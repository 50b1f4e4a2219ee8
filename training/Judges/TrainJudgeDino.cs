using FlexEdit.Evaluation.Judges;
using FlexEdit.Models.Layers;
using FlexEdit.Training.World;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Training.Judges;

/// <summary>
/// Trains <c>judge-dino</c> without labels, by self-distillation (Caron et al. 2021): the student has to say of one picture, seen large and small, what the
/// teacher, its own moving average, says of another. The two show the same rendering on different photographs (<see cref="JudgeViews.Pair"/>), so that only the
/// thing itself answers. As in DINOv2 (Oquab et al. 2023), the teacher's answers are spread evenly over the prototypes by Sinkhorn and Knopp's method
/// (Caron et al. 2020), which no constant answer survives, and the KoLeo term (Sablayrolles et al. 2019) keeps the vectors of a batch apart.
/// </summary>
internal sealed class TrainJudgeDino(JudgeRun run, WorldCatalog catalog)
{
    private const ulong Seed = 9202;
    private const int Canvas = 80, LocalSide = 32, SinkhornRounds = 3, WarmUpSteps = 600;
    private const double FirstTemperature = 0.04, LastTemperature = 0.06, StudentTemperature = 0.1, KoLeoWeight = 0.1;

    // In bf16 hardly any step gave a finite gradient (decision 40).
    private const ScalarType Type = ScalarType.Float32;
    private long steps;

    /// <summary>Runs until the time is over. Writes <c>judge-dino/</c> in the run's folder.</summary>
    public void Run()
    {
        random.manual_seed((long)Seed);
        using var network = new JudgeDinoNetwork();
        using var head = new DinoHead();
        NormalInitialization.Apply(network, 0.05);
        NormalInitialization.Apply(head, 0.05);
        var views = new JudgeViews(catalog, Canvas, Seed, heldOut: false);
        var probe = new RetrievalProbe(catalog);
        run.Train(
            "judge-dino", network, batch => Enumerable.Range(0, run.Batch).Select(i => views.Pair((batch * run.Batch) + i)).ToArray(),
            (made, asTeacher) => Loss(network, head, made, asTeacher), head, Type, () => $"retrieval {probe.Measure(network):P1}");
    }

    private Tensor Loss(JudgeDinoNetwork network, DinoHead head, (byte[] First, byte[] Second)[] made, Action<Action> asTeacher)
    {
        Tensor[] pixels = [JudgePixels.Of([.. made.Select(m => m.First)], Canvas), JudgePixels.Of([.. made.Select(m => m.Second)], Canvas)];
        var large = cat([.. pixels.Select(p => JudgePixels.Views(p, JudgeTrunk.Side, 0.65, 1, 0.2, flip: true))]).to(Type);
        var small = cat([.. pixels.Select(p => JudgePixels.Views(p, LocalSide, 0.35, 0.6, 0.2, flip: true))]).to(Type);

        var temperature = FirstTemperature + ((LastTemperature - FirstTemperature) * Math.Min(1, steps++ / (double)WarmUpSteps));
        var target = empty(0);
        asTeacher(() =>
        {
            using var noGrad = no_grad();
            target = Spread(head.Forward(network.Embed(large)) / (float)temperature);
        });
        // Each picture is asked for what was said of the other one.
        target = target.roll(made.Length, 0);
        var seen = network.Embed(large);
        Tensor Distance(Tensor states) => -(target * nn.functional.log_softmax(head.Forward(states) / (float)StudentTemperature, -1)).sum(-1).mean();
        return ((Distance(seen) + Distance(network.Embed(small))) / 2) + (seen.chunk(2).Select(KoLeo).Aggregate((a, b) => a + b) * (float)(KoLeoWeight / 2));
    }

    // Rows that sum to one, columns that sum to the same: [rows, prototypes].
    private static Tensor Spread(Tensor scores)
    {
        using var scope = NewDisposeScope();
        var (rows, columns) = (scores.shape[0], scores.shape[1]);
        var share = (scores - scores.max()).exp();
        for (var i = 0; i < SinkhornRounds; i++)
        {
            share = share / (share.sum(0, keepdim: true).clamp_min(1e-12f) * columns);
            share = share / (share.sum(1, keepdim: true).clamp_min(1e-12f) * rows);
        }
        return (share * rows).MoveToOuterDisposeScope();
    }

    // Minus the mean logarithm of the distance to the nearest other vector: [rows, width].
    private static Tensor KoLeo(Tensor states)
    {
        using var scope = NewDisposeScope();
        var unit = DinoHead.Unit(states);
        Tensor nearest;
        using (no_grad())
            nearest = (unit.matmul(unit.t()) - (eye(unit.shape[0]) * 4f)).argmax(1);
        return (-((unit - unit.index_select(0, nearest)).square().sum(-1) + 1e-6f).sqrt().log().mean()).MoveToOuterDisposeScope();
    }
}

/// <summary>DINO's projection head: three layers to a unit vector, compared with prototypes of unit length.</summary>
internal sealed class DinoHead : nn.Module
{
    /// <summary>Number of outputs.</summary>
    public const int Prototypes = 512;

    private const int Hidden = 384, Bottleneck = 96;

    private readonly Linear hidden;
    private readonly Linear hidden2;
    private readonly Linear bottleneck;
    private readonly Linear prototypes;

    public DinoHead()
        : base(nameof(DinoHead))
    {
        hidden = nn.Linear(JudgeTrunk.Width, Hidden);
        hidden2 = nn.Linear(Hidden, Hidden);
        bottleneck = nn.Linear(Hidden, Bottleneck);
        prototypes = nn.Linear(Bottleneck, Prototypes, hasBias: false);
        RegisterComponents();
    }

    /// <summary>[batch, width] to cosines with the prototypes, [batch, <see cref="Prototypes"/>], fp32.</summary>
    public Tensor Forward(Tensor states)
    {
        using var scope = NewDisposeScope();
        var to = Unit(bottleneck.call(nn.functional.gelu(hidden2.call(nn.functional.gelu(hidden.call(states))))));
        return to.matmul(Unit(prototypes.weight!).t()).MoveToOuterDisposeScope();
    }

    /// <summary>Rows of length one, fp32.</summary>
    public static Tensor Unit(Tensor x)
    {
        var wide = x.to(ScalarType.Float32);
        return wide / wide.norm(-1, keepdim: true, p: 2).clamp_min(1e-6f);
    }
}
