using FlexEdit.Tests.Integration.Hosting;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Chart;

/// <summary>What the chart renders is what was approved, is valid for Kubernetes, and bad values are refused with a sentence.</summary>
public sealed class RenderTests
{
    private static string Approved => Path.Combine(Checkout.Root, "tests", "Integration", "Chart", "Approved");

    public static TheoryData<string> ValuesFiles => ["values.yaml", "values-small.yaml", "values-gpu.yaml"];

    [Theory]
    [MemberData(nameof(ValuesFiles))]
    public async Task Renders_what_was_approved(string values)
    {
        var rendered = await Helm.TemplateAsync(values);
        (await Helm.TemplateAsync(values)).ShouldBe(rendered, "the same values, rendered twice");
        var file = Path.Combine(Approved, values);
        if (!File.Exists(file) || await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken) != rendered)
        {
            await File.WriteAllTextAsync($"{file}.received", rendered, TestContext.Current.CancellationToken);
            Assert.Fail($"{values} renders other manifests than {file}; look at {file}.received, and put it in the place of the other if it is meant.");
        }
        File.Delete($"{file}.received");
    }

    [Theory]
    [MemberData(nameof(ValuesFiles))]
    public async Task Is_without_a_complaint_of_the_linter(string values)
    {
        var (code, output, error) = await Helm.RunAsync("lint", "--strict", "--kube-version", Helm.KubeVersion, Helm.Chart, "--values", Path.Combine(Helm.Chart, values));
        code.ShouldBe(0, output + error);
    }

    [Theory]
    [MemberData(nameof(ValuesFiles))]
    public async Task Is_valid_for_Kubernetes_and_the_operators(string values)
    {
        var kubeconform = Helm.Find("kubeconform");
        Assert.SkipWhen(kubeconform is null || Helm.Tools is null, "There is no kubeconform with schemas here: set FLEXEDIT_CLUSTER_TOOLS to a folder that has them.");
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, await Helm.TemplateAsync(values), TestContext.Current.CancellationToken);
            var schemas = Path.Combine(Helm.Tools!, "schemas", "{{.ResourceKind}}{{.KindSuffix}}.json");
            var (code, output, error) = await Helm.DoAsync(kubeconform!, ["-strict", "-summary", "-schema-location", schemas, file]);
            code.ShouldBe(0, output + error);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("image.pullPolicy=Sometimes", "pullPolicy")]
    [InlineData("gateway.replica=3", "replica")]
    [InlineData("podSecurity.user=0", "user")]
    [InlineData("rabbitmq.source=internal", "source")]
    [InlineData("s3.endpoint=minio:9000", "endpoint")]
    [InlineData("workers.generation-tiny.stage=painting", "stage")]
    [InlineData("workers.generation-tiny.scaling.fallback=0", "fallback")]
    [InlineData("workers.generation-tiny.weights.source=pvc", "name the claim")]
    [InlineData("workers.generation-tiny.weights.source=image", "name the image")]
    [InlineData("workers.generation-tiny.enabled=false", "No worker does the generation of models.default 'flexedit-tiny'")]
    [InlineData("workers.extra.model=my-model", "There is no card of the model 'my-model'")]
    [InlineData("models.default=other", "No worker does the understanding of models.default 'other'")]
    [InlineData("workers.gateway.stage=generation", "choose another name")]
    [InlineData("workers.generation-tiny.scaling.enabled=true,workers.generation-tiny.scaling.min=5,workers.generation-tiny.scaling.max=2", "min is above max")]
    [InlineData("workers.generation-tiny.scaling.enabled=true,workers.generation-tiny.scaling.trigger=queue,workers.generation-tiny.scaling.target=2", "set it to 4 or more")]
    [InlineData("workers.generation-tiny.scaling.enabled=true,workers.generation-tiny.scaling.min=0,workers.generation-tiny.scaling.cooldownSeconds=60", "at least twice drainSeconds")]
    [InlineData("workers.a-worker-with-a-name-that-is-far-too-long-for-an-autoscaler.stage=generation", "the name is too long")]
    public async Task Bad_values_are_refused_with_a_sentence(string set, string sentence)
    {
        var (code, output, error) = await Helm.RunAsync("template", "flexedit", Helm.Chart, "--kube-version", Helm.KubeVersion, "--set", set);
        code.ShouldNotBe(0, output);
        error.ShouldContain(sentence);
    }
}
