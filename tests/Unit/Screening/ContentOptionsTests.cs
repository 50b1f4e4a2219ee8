using FlexEdit.Screening.Hosting;
using Microsoft.Extensions.Configuration;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Screening;

public sealed class ContentOptionsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flexedit-content-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Without_a_classifier_nothing_is_screened_and_nothing_is_missing()
    {
        var options = new ContentOptions();
        options.Faults().ShouldBeEmpty();
        options.IsOn.ShouldBeFalse();
    }

    [Fact]
    public void Takes_the_settings_of_a_classifier_and_finds_its_unsafe_class_by_name()
    {
        var options = Bound();
        options.Faults().ShouldBeEmpty();
        options.IsOn.ShouldBeTrue();
        options.UnsafePlaces.ShouldBe([1]);
        Bound(("Unsafe:0", "0")).UnsafePlaces.ShouldBe([0]);
    }

    [Theory]
    [InlineData("Classifier", "/nowhere/x.onnx", "FLEXEDIT__Content__Classifier is '/nowhere/x.onnx', which is no file")]
    [InlineData("Sha256", "abc", "FLEXEDIT__Content__Sha256 is not a SHA-256")]
    [InlineData("Width", "0", "FLEXEDIT__Content__Width is 0")]
    [InlineData("Height", "5000", "FLEXEDIT__Content__Height is 5000")]
    [InlineData("Mean:1", "0.4", "FLEXEDIT__Content__Mean has 0, 0.4")]
    [InlineData("Std:0", "0", "FLEXEDIT__Content__Std has 0")]
    [InlineData("Layout", "hwc", "FLEXEDIT__Content__Layout is 'hwc'; set it to one of nchw, nhwc.")]
    [InlineData("Channels", "grb", "FLEXEDIT__Content__Channels is 'grb'")]
    [InlineData("Fit", "crop", "FLEXEDIT__Content__Fit is 'crop'")]
    [InlineData("Activation", "relu", "FLEXEDIT__Content__Activation is 'relu'")]
    [InlineData("Previews", "shown", "FLEXEDIT__Content__Previews is 'shown'")]
    [InlineData("OnFailure", "ignore", "FLEXEDIT__Content__OnFailure is 'ignore'; set it to one of refuse, pass.")]
    [InlineData("Unsafe:0", "blue", "FLEXEDIT__Content__Unsafe has 'blue', which is neither a place from 0 nor one of FLEXEDIT__Content__Labels (rest, red).")]
    [InlineData("Unsafe:0", "-1", "FLEXEDIT__Content__Unsafe has '-1'")]
    [InlineData("Threshold", "0", "FLEXEDIT__Content__Threshold is 0")]
    [InlineData("Threshold", "NaN", "FLEXEDIT__Content__Threshold is NaN")]
    [InlineData("TimeLimit", "00:00:00", "FLEXEDIT__Content__TimeLimit is 00:00:00")]
    [InlineData("MemoryMegabytes", "10", "FLEXEDIT__Content__MemoryMegabytes is 10")]
    [InlineData("Threads", "-1", "FLEXEDIT__Content__Threads is -1")]
    public void Says_what_to_set(string name, string value, string sentence) =>
        Bound((name, value)).Faults().ShouldHaveSingleItem().ShouldStartWith(sentence);

    [Fact]
    public void Names_what_is_missing()
    {
        new ContentOptions { Sha256 = new string('a', 64) }.Faults().ShouldHaveSingleItem().ShouldStartWith("FLEXEDIT__Content__Classifier is not set");
        Bound(("Inputs", "false"), ("Results", "false")).Faults().ShouldHaveSingleItem().ShouldContain("are both false");
        var options = new ContentOptions { Classifier = ColourClassifier.Write(_folder).Path };
        options.Faults().Select(fault => fault.Split(' ')[0]).ShouldBe(["FLEXEDIT__Content__Sha256", "FLEXEDIT__Content__Unsafe__0"]);
    }

    private ContentOptions Bound(params (string Name, string Value)[] changes)
    {
        var settings = ColourClassifier.Settings(ColourClassifier.Write(_folder)).ToDictionary(setting => setting.Name["Content__".Length..].Replace("__", ":", StringComparison.Ordinal), setting => (string?)setting.Value);
        foreach (var (name, value) in changes)
            settings[name] = value;
        var options = new ContentOptions();
        new ConfigurationBuilder().AddInMemoryCollection(settings).Build().Bind(options);
        return options;
    }
}
