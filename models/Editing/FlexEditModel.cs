using FlexEdit.Models.Schedulers;
using FlexEdit.Models.Unet;
using static TorchSharp.torch;

namespace FlexEdit.Models.Editing;

/// <summary>
/// FlexEdit's painting half as an edit method. One edit, in the order of the paper:
/// 1. encode scene, collage and marks; 2. adapter and keys and values of every block, once (eqs. 3, 6, 7); 3. steps of the denoising network with
/// three-branch guidance (eq. 4; Brooks et al. 2023); 4. decode, and find the edited region.
/// </summary>
public sealed class FlexEditModel(EditorNetworks networks, Scheduler scheduler) : IEditModel
{
    /// <inheritdoc/>
    public int Resolution => networks.Config.Resolution;

    /// <inheritdoc/>
    public IEditInFlight Begin(GenerationRequest request)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var config = networks.Config;
        var weights = ThreeBranchGuidance.Weights(request.GuidanceScale, request.ImageGuidanceScale);
        var branches = weights.Branches;
        var hasSubject = request.Subject is not null && request.SubjectScale > 0;

        var picture = CropTensors.FromRgb([request.Scene], Resolution);
        var scene = networks.Autoencoder.Encode(picture);
        var box = config.BoxCoordinates ? EditPlace.Of(request.Mask, request.FullMask, Resolution) : MarkBox.Of(request.Mask, Resolution);
        var pasted = config.CollageChannels && hasSubject ? Paste(request, box) : null;
        var marks = config.MaskChannels ? EditConditions.MarksOf([request.Mask], [box], Resolution, networks.Autoencoder.Factor) : null;
        var asked = tensor(request.Embedding, [1, request.EmbeddingShape.Tokens, request.EmbeddingShape.Width]);
        var collage = config.CollageChannels ? CollageOf(pasted, scene, hasSubject, asked, marks) : null;
        var keepScene = Rows(branches, b => b == GuidanceBranch.None ? 0 : 1).view(-1, 1, 1, 1);
        var keepText = Rows(branches, b => b == GuidanceBranch.Full ? 1 : 0).view(-1, 1, 1, 1);
        var count = branches.Count;
        var conditions = new EditConditions
        {
            Scene = Own(scene.expand(count, -1, -1, -1).contiguous()),
            Collage = collage is null ? null : Own(collage * keepText),
            Marks = marks is null ? null : Own(marks.expand(count, -1, -1, -1).contiguous()),
            KeepScene = Own(keepScene),
        };

        var embedding = asked * keepText.view(-1, 1, 1);
        var seen = networks.Features(picture * keepScene);
        var subject = hasSubject ? networks.Features(CropTensors.FromRgb([request.Subject!], Resolution)).expand(count, -1, -1) : null;
        var cache = networks.Prepare(embedding, seen, subject, hasSubject ? keepText.view(-1) * (float)request.SubjectScale : null).DetachFromDisposeScope();

        var state = scheduler.Begin(request.Steps);
        // A generator of its own: the noise of a seed is the same whatever else is being served.
        using var generator = new Generator(request.Seed);
        var noise = randn(scene.shape, generator: generator) * state.Plan.InitialNoiseScale;
        return new EditInFlight(request, weights, state, conditions, cache, Own(noise)) { Pasted = pasted };
    }

    /// <inheritdoc/>
    public void Step(IReadOnlyList<IEditInFlight> edits)
    {
        using var noGrad = no_grad();
        foreach (var edit in edits.Cast<EditInFlight>())
        {
            // On a processor a joined batch gains nothing, and its kernels may round differently with other neighbours.
            using var scope = NewDisposeScope();
            var rows = edit.Weights.Branches.Count;
            var time = full(rows, (float)(edit.State.Timestep / networks.Config.TimeScale));
            var predictions = networks.Predict(scheduler.ScaleInput(edit.State, edit.Sample).expand(rows, -1, -1, -1), time, edit.Conditions, edit.Cache);
            var combined = ThreeBranchGuidance.Combine(predictions, edit.Request.GuidanceScale, edit.Request.ImageGuidanceScale);
            var clean = scheduler.PredictClean(edit.State, combined, edit.Sample);
            edit.Advance(scheduler.Step(edit.State, combined, edit.Sample), clean);
        }
    }

    /// <inheritdoc/>
    public byte[] Preview(IEditInFlight edit)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return CropTensors.ToRgb(networks.Autoencoder.Decode(((EditInFlight)edit).Clean)[0]);
    }

    /// <inheritdoc/>
    public GeneratedCrop Finish(IEditInFlight edit)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var flight = (EditInFlight)edit;
        var decoded = networks.Autoencoder.Decode(cat([flight.Sample, flight.Conditions.Scene.narrow(0, 0, 1)]));
        return new GeneratedCrop
        {
            Picture = CropTensors.ToRgb(decoded[0]),
            EditedRegion = EditedRegion.Find(decoded.narrow(0, 0, 1), decoded.narrow(0, 1, 1), flight.Request, Resolution),
            Subject = flight.Pasted,
        };
    }

    /// <inheritdoc/>
    public void Dispose() => networks.Dispose();

    private PastedSubject Paste(GenerationRequest request, MarkBox box)
    {
        var alpha = request.SubjectAlpha ?? SubjectCutout.Find(request.Subject, Resolution);
        return new PastedSubject(CollagePlacement.Of(alpha, box, Resolution), alpha, Collage.Paste(request.Scene, request.Subject, alpha, box, Resolution));
    }

    private Tensor CollageOf(PastedSubject? pasted, Tensor scene, bool hasSubject, Tensor embedding, Tensor? marks) =>
        pasted is not null ? networks.Autoencoder.Encode(CropTensors.FromRgb([pasted.Collage], Resolution)) - scene
        : hasSubject ? zeros_like(scene)
        : networks.Imagined(embedding, marks, scene);

    private static Tensor Rows(IReadOnlyList<GuidanceBranch> branches, Func<GuidanceBranch, float> value) => tensor(branches.Select(value).ToArray());

    private static Tensor Own(Tensor tensor) => tensor.DetachFromDisposeScope();
}
