using FlexEdit.Models.Editing;
using static TorchSharp.torch;

namespace FlexEdit.Training.Editor;

/// <summary>L_diffusion of the painting half (eq. 8), by x-prediction, with the conditions dropped now and then that guidance needs (Brooks et al. 2023, section 3.2.1).</summary>
internal sealed class DiffusionObjective : IDisposable
{
    private const float DropText = 0.05f, DropScene = 0.03f, LeastTime = 0.1f, EmbeddingNoise = 0.1f, DropLook = 0.12f;
    private readonly EditorNetworks networks;
    private readonly Tensor channelWeights, restore;

    /// <summary>Of these networks, whose autoencoder is not trained.</summary>
    public DiffusionObjective(EditorNetworks networks)
    {
        this.networks = networks;
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        // A channel counts by the square root of its standard deviation in pixels: more for what shows, without forgetting detail.
        restore = networks.Autoencoder.Decoder.state_dict()["linear.weight"].detach().view(192, -1).clone().DetachFromDisposeScope();
        var deviation = restore.norm(0).sqrt();
        channelWeights = (deviation / deviation.mean()).DetachFromDisposeScope();
    }

    /// <summary>The loss of a batch.</summary>
    /// <param name="data">The batch.</param>
    /// <param name="embedding">e of every row, [B, N, D].</param>
    /// <param name="onlyNoise">Whether every row begins with pure noise (t = 1); else half of them.</param>
    /// <returns>The loss; t of every row; and its error in the edited cells with that of leaving the scene alone, negative where conditions were dropped.</returns>
    public (Tensor Loss, float[] Time, float[] Errors) Of(EditorTensors data, Tensor embedding, bool onlyNoise)
    {
        var count = data.Scene.shape[0];
        Tensor scene, clean, collage, weights, region, keepScene, keepText, time, noisy;
        using (no_grad())
        {
            scene = networks.Autoencoder.Encode(data.Scene);
            clean = networks.Autoencoder.Encode(data.Target);
            collage = (networks.Autoencoder.Encode(data.Collage) - scene) * data.HasCollage;
            (weights, region) = EditorLoss.Weigh(data.Scene, data.Target);
            var draw = rand(count);
            keepText = draw.ge(DropText).to(float32);
            keepScene = draw.lt(DropScene).logical_or(draw.ge(2 * DropScene)).to(float32).view(-1, 1, 1, 1);
            time = ones(count);
            if (!onlyNoise)
                time = where(rand(count).lt(0.5f), time, rand(count).mul(1 - LeastTime).add(LeastTime));
            var t = time.view(-1, 1, 1, 1);
            noisy = (clean * (1 - t)) + (randn_like(clean) * t);
        }
        embedding = (embedding + (randn_like(embedding) * EmbeddingNoise)) * keepText.view(-1, 1, 1);
        using (no_grad())
        {
            var shown = (1 - data.HasSubject) * keepText * rand(count).ge(DropLook).to(float32);
            collage += networks.Imagined(embedding, data.Marks, scene) * shown.view(-1, 1, 1, 1);
        }
        var seen = networks.Features(data.Scene * keepScene);
        using var cache = networks.Prepare(embedding, seen, SubjectFeatures(data), data.HasSubject * keepText);
        var conditions = new EditConditions { Scene = scene, Collage = collage * keepText.view(-1, 1, 1, 1), Marks = data.Marks, KeepScene = keepScene };
        var predicted = networks.Predict(noisy, time, conditions, cache);
        weights = weights / time.view(-1, 1, 1, 1).clamp_min(0.3f);
        var loss = EditorLoss.Of(predicted, clean, weights, channelWeights, restore, pixelShare: 1.0);
        return (loss, time.data<float>().ToArray(), RegionErrors(predicted, clean, scene, region, keepText * keepScene.view(-1)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        channelWeights.Dispose();
        restore.Dispose();
    }

    // Only the rows that have a subject are looked at; the others are zero, and their λ is too.
    private Tensor SubjectFeatures(EditorTensors data)
    {
        var rows = data.HasSubject.nonzero().reshape(-1);
        var features = networks.Features(rows.numel() == 0 ? data.Subject.narrow(0, 0, 1) : data.Subject.index_select(0, rows));
        var all = zeros([data.Subject.shape[0], features.shape[1], features.shape[2]], features.dtype);
        return rows.numel() == 0 ? all : all.index_copy(0, rows, features);
    }

    private static float[] RegionErrors(Tensor predicted, Tensor clean, Tensor scene, Tensor region, Tensor whole)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var error = ((predicted - clean).square() * region).sum([1, 2, 3]);
        var copy = ((scene - clean).square() * region).sum([1, 2, 3]);
        return stack([where(whole.gt(0.5f), error, full_like(error, -1)), copy], 1).reshape(-1).data<float>().ToArray();
    }
}
