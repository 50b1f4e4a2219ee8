using FlexEdit.Models.Autoencoders;
using FlexEdit.Models.Editing;
using FlexEdit.Models.Schedulers;
using FlexEdit.Models.Unet;
using static TorchSharp.torch;

namespace FlexEdit.Models.Methods.StableDiffusion;

/// <summary>
/// Editing with a Stable Diffusion network that sees the scene's latent beside the noisy one (InstructPix2Pix, Brooks et al. 2023; MagicBrush; SmartEdit; FlexEdit on SD 1.5).
/// The scene's latent is the mode of the encoder's distribution and is not scaled, unlike the latents that are denoised; only the noisy half goes through the scheduler's input scaling.
/// Not thread-safe.
/// </summary>
/// <param name="unet">Reads twice the latent's channels; belongs to this model from now on, as do the next two.</param>
/// <param name="vae">Between pictures and latents.</param>
/// <param name="conditioner">What the network is to paint.</param>
/// <param name="scheduler">Any published one.</param>
/// <param name="resolution">Side R of the square crop in pixels, a multiple of the autoencoder's factor.</param>
public sealed class StableDiffusionEditModel(UNet2DConditionModel unet, AutoencoderKL vae, IConditioner conditioner, Scheduler scheduler, int resolution) : IEditModel
{
    /// <inheritdoc/>
    public int Resolution => resolution;

    /// <inheritdoc/>
    public IEditInFlight Begin(GenerationRequest request)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var device = vae.parameters().First().device;
        var picture = CropTensors.FromRgb([request.Scene], resolution).to(device);
        var embedding = tensor(request.Embedding, [1, request.EmbeddingShape.Tokens, request.EmbeddingShape.Width], device: device);
        // A generator of its own, on the processor: the noise of a seed is the same whatever else is being served, and on every device.
        var generator = new Generator(request.Seed);
        var side = resolution / vae.Factor;
        return Begin(request, picture, embedding, randn([1, vae.Channels, side, side], generator: generator).to(device), generator);
    }

    /// <summary>As <see cref="Begin(GenerationRequest)"/>, from tensors: what the published pipelines are compared with.</summary>
    /// <param name="request">Scales and steps; pictures and embedding are taken from the tensors.</param>
    /// <param name="picture">The scene, [1, 3, R, R] in [-1, 1].</param>
    /// <param name="embedding">e, [1, N, D].</param>
    /// <param name="noise">Unit variance, [1, C, h, w].</param>
    /// <param name="generator">Draws what a stochastic scheduler asks for; belongs to the edit from now on.</param>
    public IEditInFlight Begin(GenerationRequest request, Tensor picture, Tensor embedding, Tensor noise, Generator generator)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var weights = ThreeBranchGuidance.Weights(request.GuidanceScale, request.ImageGuidanceScale);
        var scene = vae.EncodePosterior(picture).Mean;
        var conditions = conditioner.Prepare(request, embedding, weights.Branches, scene.shape[^1]);
        conditions.Cache.DetachFromDisposeScope();
        conditions.AddedAfterFirst?.DetachFromDisposeScope();
        var state = scheduler.Begin(request.Steps);
        return new StableDiffusionInFlight(request, weights, state, scene.DetachFromDisposeScope(), conditions, generator, (noise * state.Plan.InitialNoiseScale).DetachFromDisposeScope());
    }

    /// <inheritdoc/>
    public void Step(IReadOnlyList<IEditInFlight> edits)
    {
        using var noGrad = no_grad();
        foreach (var edit in edits.Cast<StableDiffusionInFlight>())
        {
            using var scope = NewDisposeScope();
            var branches = edit.Weights.Branches;
            var noisy = scheduler.ScaleInput(edit.State, edit.Sample);
            var nothing = zeros_like(edit.Scene);
            var input = cat([.. branches.Select(b => cat([noisy, b == GuidanceBranch.None ? nothing : edit.Scene], 1))]);
            var predictions = unet.forward(input, tensor(edit.State.Timestep, device: input.device), edit.Conditions.Cache, edit.Conditions.AddedAfterFirst);
            var combined = ThreeBranchGuidance.Combine(predictions, edit.Request.GuidanceScale, edit.Request.ImageGuidanceScale);
            var noise = scheduler.DrawsNoise(edit.State) ? randn(edit.Sample.shape, generator: edit.Generator).to(edit.Sample.device) : null;
            var clean = scheduler.PredictClean(edit.State, combined, edit.Sample);
            edit.Advance(scheduler.Step(edit.State, combined, edit.Sample, noise), clean);
        }
    }

    /// <inheritdoc/>
    public byte[] Preview(IEditInFlight edit)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var flight = (StableDiffusionInFlight)edit;
        return CropTensors.ToRgb((flight.Clean is { } clean ? vae.Decode(clean) : vae.DecodeUnscaled(flight.Scene))[0]);
    }

    /// <inheritdoc/>
    public GeneratedCrop Finish(IEditInFlight edit)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var flight = (StableDiffusionInFlight)edit;
        var result = Decode(edit);
        return new GeneratedCrop
        {
            Picture = CropTensors.ToRgb(result[0]),
            EditedRegion = EditedRegion.Find(result, vae.DecodeUnscaled(flight.Scene), flight.Request, resolution),
        };
    }

    /// <summary>z_t of an edit as it stands, [1, C, h, w]; the caller's own copy.</summary>
    public static Tensor Latents(IEditInFlight edit) => ((StableDiffusionInFlight)edit).Sample.clone();

    /// <summary>The picture of an edit as it stands, [1, 3, R, R], about [-1, 1].</summary>
    public Tensor Decode(IEditInFlight edit)
    {
        using var noGrad = no_grad();
        return vae.Decode(((StableDiffusionInFlight)edit).Sample);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        conditioner.Dispose();
        unet.Dispose();
        vae.Dispose();
    }
}
