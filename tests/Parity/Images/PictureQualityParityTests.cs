using FlexEdit.Models.Images;
using FlexEdit.Tests.Parity.Fixtures;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Parity.Images;

public sealed class PictureQualityParityTests
{
    [Theory]
    [FixtureCases("psnr-ssim")]
    public void Agrees_with_the_published_measures(string name)
    {
        using var scope = NewDisposeScope();
        using var fixture = FixtureCase.Open(name);
        var (a, b) = (PngFixture.Read(fixture.File("a.png")), PngFixture.Read(fixture.File("b.png")));
        var values = fixture.Json.GetProperty("values");
        double Value(string key) => values.GetProperty(key).GetDouble();
        void Check(double ours, string key) => tensor(ours).ShouldMatch(tensor(Value(key)), fixture.Tolerance, key);

        Check(PictureQuality.Psnr(a, b, 255), "psnr");
        Check(PictureQuality.SsimGaussian(a, b, 255), "ssim_gaussian");
        Check(PictureQuality.SsimUniform(a, b, 255), "ssim_uniform7");
        var region = fixture.Json.GetProperty("region");
        int Side(string key) => region.GetProperty(key).GetInt32();
        var inside = zeros(a.shape[1], a.shape[2], dtype: ScalarType.Bool);
        inside.narrow(0, Side("y"), Side("height")).narrow(1, Side("x"), Side("width")).fill_(true);
        Check(PictureQuality.Psnr(a, b, 255, inside), "psnr_inside");
        Check(PictureQuality.Psnr(a, b, 255, inside.logical_not()), "psnr_outside");
    }
}
