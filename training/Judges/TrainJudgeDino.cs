using FlexEdit.Evaluation.Judges;
using FlexEdit.Models.Layers;
using FlexEdit.Training.World;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Training.Judges;

/// <summary>
/// Trains <c>judge-dino</c> without labels (Caron et al. 2021): the student sees two large and two small views of a picture and has to say what the
/// teacher, its own moving average, says of the other large view; the teacher is centred and sharpened so that it does not say the same of everything.
/// </summary>
internal sealed class TrainJudgeDino(JudgeRun run, WorldCatalog catalog)
{
    private const ulong Seed = 9202;
    private const int Canvas = 88, LocalSide = 32;
    private const double TeacherTemperature = 0.05, StudentTemperature = 0.1, CentreDecay = 0.9;

    /// <summary>Runs until the time is over. Writes <c>judge-dino/</c> in the run's folder.</summary>
    public void Run()
    {
        random.manual_seed((long)Seed);
        using var network = new JudgeDinoNetwork();
        using var head = new DinoHead();
        NormalInitialization.Apply(network, 0.05);
        NormalInitialization.Apply(head, 0.05);
        using var centre = zeros(DinoHead.Prototypes);
        centre.DetachFromDisposeScope();
        var views = new JudgeViews(catalog, Canvas, Seed, heldOut: false);
        run.Train(
            "judge-dino", network, batch => Enumerable.Range(0, run.Batch).Select(i => views.Render((batch * run.Batch) + i).Rgb).ToArray(),
            (made, asTeacher) => Loss(network, head, made, centre, asTeacher), head);
    }

    private static Tensor Loss(JudgeDinoNetwork network, DinoHead head, byte[][] made, Tensor centre, Action<Action> asTeacher)
    {
        var pixels = JudgePixels.Of(made, Canvas);
        Tensor Large() => JudgePixels.Views(pixels, JudgeTrunk.Side, 0.65, 1, 0.2, flip: true).to(ScalarType.BFloat16);
        Tensor Small() => JudgePixels.Views(pixels, LocalSide, 0.35, 0.6, 0.2, flip: true).to(ScalarType.BFloat16);
        Tensor[] large = [Large(), Large()], small = [Small(), Small()];

        Tensor[] taught = [];
        asTeacher(() =>
        {
            using var noGrad = no_grad();
            taught = [.. large.Select(v => head.Forward(network.Embed(v)))];
        });
        Tensor[] targets = [.. taught.Select(t => ((t - centre) / (float)TeacherTemperature).softmax(-1))];
        using (no_grad())
            centre.mul_((float)CentreDecay).add_(cat(taught).mean([0]), (float)(1 - CentreDecay));

        var student = large.Concat(small).Select(v => nn.functional.log_softmax(head.Forward(network.Embed(v)) / (float)StudentTemperature, -1)).ToArray();
        List<Tensor> losses = [];
        for (var t = 0; t < targets.Length; t++)
            for (var s = 0; s < student.Length; s++)
                if (s != t)
                    losses.Add(-(targets[t] * student[s]).sum(-1).mean());
        return stack(losses).mean();
    }
}

/// <summary>DINO's projection head: two layers to a unit vector, compared with prototypes of unit length.</summary>
internal sealed class DinoHead : nn.Module
{
    /// <summary>Number of outputs.</summary>
    public const int Prototypes = 512;

    private readonly Linear hidden;
    private readonly Linear bottleneck;
    private readonly Linear prototypes;

    public DinoHead()
        : base(nameof(DinoHead))
    {
        hidden = nn.Linear(JudgeTrunk.Width, 256);
        bottleneck = nn.Linear(256, 64);
        prototypes = nn.Linear(64, Prototypes, hasBias: false);
        RegisterComponents();
    }

    /// <summary>[batch, width] to cosines with the prototypes, [batch, <see cref="Prototypes"/>], fp32.</summary>
    public Tensor Forward(Tensor states)
    {
        using var scope = NewDisposeScope();
        var to = Unit(bottleneck.call(nn.functional.gelu(hidden.call(states))));
        return to.matmul(Unit(prototypes.weight!).t()).MoveToOuterDisposeScope();
    }

    private static Tensor Unit(Tensor x)
    {
        var wide = x.to(ScalarType.Float32);
        return wide / wide.norm(-1, keepdim: true, p: 2).clamp_min(1e-6f);
    }
}
