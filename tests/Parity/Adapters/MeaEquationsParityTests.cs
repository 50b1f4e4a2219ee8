using System.Globalization;
using FlexEdit.Models.Adapters;
using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Unet;
using FlexEdit.Tests.Parity.Fixtures;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Parity.Adapters;

public sealed class MeaEquationsParityTests
{
    private const string ScalePrefix = "z_lambda_";

    [Theory]
    [FixtureCases("mea-equations")]
    public void Follows_equation_6_where_the_residual_is_off(string name)
    {
        using var scope = NewDisposeScope();
        using var fixture = FixtureCase.Open(name);
        var (key, subject) = (fixture.Model.Tensors["scene.to_k.weight"].Shape, fixture.Model.Tensors["subject.weight"].Shape);
        using var adapter = new MaskEnhancedAdapter(new MaskEnhancedAdapterConfig
        {
            Layers = 1,
            EmbeddingDim = (int)key[0],
            VisionDim = (int)key[1],
            SubjectDim = (int)subject[0],
            Heads = Heads(fixture),
            Residual = false,
        });
        StateDict.Load(adapter, fixture.Model, rename: tensor =>
            tensor.StartsWith("scene.", StringComparison.Ordinal) ? "blocks.0." + tensor["scene.".Length..]
            : tensor.StartsWith("subject.", StringComparison.Ordinal) ? "subject_proj." + tensor["subject.".Length..] : null);

        var features = adapter.Forward(fixture.Input("edit_embedding"), fixture.Input("scene_features"), fixture.Input("subject_features"));

        features.Scene[0].ShouldMatch(fixture.Output("f1"), fixture.Tolerance, "f1");
        features.Subject![0].ShouldMatch(fixture.Output("f2"), fixture.Tolerance, "f2");
    }

    [Theory]
    [FixtureCases("mea-equations")]
    public void Follows_equation_7_in_the_unets_attention_at_every_scale(string name)
    {
        using var scope = NewDisposeScope();
        using var fixture = FixtureCase.Open(name);
        var (key, subject) = (fixture.Model.Tensors["decoupled.to_k.weight"].Shape, fixture.Model.Tensors["subject.weight"].Shape);
        using var attention = new Attention((int)key[0], Heads(fixture), (int)key[1], device: null);
        attention.EnableDecoupled((int)subject[0], sharedWeights: !fixture.Model.Tensors.ContainsKey("decoupled.to_k_subject.weight"));
        LoadWithoutOutputProjection(attention, fixture.Model);
        var keysAndValues = attention.Project(fixture.Output("f1"), fixture.Output("f2"));
        var hidden = fixture.Input("hidden_states");
        var outputs = fixture.Outputs.Tensors.Keys.Where(output => output.StartsWith(ScalePrefix, StringComparison.Ordinal)).ToArray();
        outputs.ShouldNotBeEmpty();

        foreach (var output in outputs)
        {
            var scale = float.Parse(output[ScalePrefix.Length..], CultureInfo.InvariantCulture);
            attention.forward(hidden, keysAndValues, full([hidden.shape[0]], scale)).ShouldMatch(fixture.Output(output), fixture.Tolerance, output);
        }
    }

    private static int Heads(FixtureCase fixture) => fixture.Config.GetProperty("heads").GetInt32();

    // The equations have no output projection: ours is made the identity.
    private static void LoadWithoutOutputProjection(Attention attention, SafetensorsFile file)
    {
        var weights = attention.state_dict();
        using var noGrad = no_grad();
        weights["to_out.0.weight"].copy_(eye(weights["to_out.0.weight"].shape[0]));
        weights["to_out.0.bias"].zero_();
        StateDict.Load(weights.Where(w => !w.Key.StartsWith("to_out.", StringComparison.Ordinal)).ToDictionary(), file, "decoupled.", tensor => tensor switch
        {
            "to_k_subject.weight" => "processor.to_k_ip.0.weight",
            "to_v_subject.weight" => "processor.to_v_ip.0.weight",
            _ => tensor,
        });
    }
}
