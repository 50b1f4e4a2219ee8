using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Chart;

/// <summary>What the chart renders is what was approved, is valid for Kubernetes, and bad values are refused with a sentence.</summary>
public sealed class RenderTests
{
    private static readonly (string Set, string Sentence)[] s_bad =
    [
        ("image.pullPolicy=Sometimes", "pullPolicy"),
        ("gateway.replica=3", "replica"),
        ("podSecurity.user=0", "user"),
        ("rabbitmq.source=internal", "source"),
        ("s3.endpoint=minio:9000", "endpoint"),
        ("workers.generation-tiny.stage=painting", "stage"),
        ("workers.generation-tiny.scaling.fallback=0", "fallback"),
        ("workers.generation-tiny.weights.source=pvc", "name the claim"),
        ("workers.generation-tiny.weights.source=image", "name the image"),
        ("workers.generation-tiny.enabled=false", "No worker does the generation of models.default 'flexedit-tiny'"),
        ("workers.extra.model=my-model", "There is no card of the model 'my-model'"),
        ("models.default=other", "No worker does the understanding of models.default 'other'"),
        ("workers.gateway.stage=generation", "choose another name"),
        ("workers.generation-tiny.scaling.enabled=true,workers.generation-tiny.scaling.min=5,workers.generation-tiny.scaling.max=2", "min is above max"),
        ("workers.generation-tiny.scaling.enabled=true,workers.generation-tiny.scaling.trigger=queue,workers.generation-tiny.scaling.target=2", "set it to 4 or more"),
        ("workers.generation-tiny.scaling.enabled=true,workers.generation-tiny.scaling.min=0,workers.generation-tiny.scaling.cooldownSeconds=60", "at least twice drainSeconds"),
        ("content.source=pvc", "content.claim: name the claim"),
        ("content.source=image", "content.image: name the image"),
        ("content.source=pvc,content.claim=classifiers", "content.sha256: say what"),
        ("content.sha256=abc", "sha256"),
        ("workers.a-worker-with-a-name-that-is-far-too-long-for-an-autoscaler.stage=generation", "the name is too long"),
    ];

    public static string[] Files { get; } = ["values.yaml", "values-small.yaml", "values-gpu.yaml"];

    public static TheoryData<string> ValuesFiles => [.. Files];

    [Theory]
    [MemberData(nameof(ValuesFiles))]
    public async Task Renders_what_was_approved(string values)
    {
        var rendered = await Helm.TemplateAsync(values);
        (await Helm.TemplateAsync(values)).ShouldBe(rendered, "the same values, rendered twice");
        var file = Path.Combine(Helm.Approved, values);
        if (!File.Exists(file) || await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken) != rendered)
        {
            await File.WriteAllTextAsync($"{file}.received", rendered, TestContext.Current.CancellationToken);
            Assert.Fail($"{values} renders other manifests than {file}; look at {file}.received, and put it in the place of the other if it is meant.");
        }
        File.Delete($"{file}.received");
    }

    [Fact]
    public async Task Is_without_a_complaint_of_the_linter()
    {
        foreach (var values in Files)
        {
            var (code, output, error) = await Helm.RunAsync("lint", "--strict", "--kube-version", Helm.KubeVersion, Helm.Chart, "--values", Path.Combine(Helm.Chart, values));
            code.ShouldBe(0, output + error);
        }
    }

    [Fact]
    public async Task Is_valid_for_Kubernetes_and_the_operators()
    {
        var kubeconform = Helm.Find("kubeconform");
        Assert.SkipWhen(kubeconform is null || Helm.Tools is null, "There is no kubeconform with schemas here: set FLEXEDIT_CLUSTER_TOOLS to a folder that has them.");
        var schemas = Path.Combine(Helm.Tools!, "schemas", "{{.ResourceKind}}{{.KindSuffix}}.json");
        foreach (var values in Files)
        {
            var (code, output, error) = await Helm.DoAsync(kubeconform!, ["-strict", "-summary", "-schema-location", schemas, Path.Combine(Helm.Approved, values)]);
            code.ShouldBe(0, output + error);
            output.ShouldContain("Skipped: 0");
        }
    }

    [Fact]
    public async Task Bad_values_are_refused_with_a_sentence()
    {
        foreach (var (set, sentence) in s_bad)
        {
            var (code, output, error) = await Helm.RunAsync("template", "flexedit", Helm.Chart, "--kube-version", Helm.KubeVersion, "--set", set);
            code.ShouldNotBe(0, $"{set}: {output}");
            error.ShouldContain(sentence, customMessage: set);
        }
    }
}
