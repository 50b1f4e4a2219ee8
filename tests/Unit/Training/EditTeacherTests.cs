using FlexEdit.Models.Autoencoders;
using FlexEdit.Tests.Unit.World;
using FlexEdit.Training.Editor;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Unit.Training;

public sealed class EditTeacherTests(TinyWorld world) : IClassFixture<TinyWorld>
{
    private const int Width = 256;

    [Fact]
    public void Every_name_has_a_look_of_its_own_and_the_same_words_always_the_same_tokens()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(3);
        using var autoencoder = new PatchAutoencoder(TinyEditor.Config.Autoencoder);
        using EditTeacher one = new(world.Catalog, autoencoder, Width), other = new(world.Catalog, autoencoder, Width);
        var names = world.Catalog.Vocabulary.Names;
        names.Count.ShouldBeGreaterThan(1);
        var ids = tensor(new long[] { 1, 0, 0, 0, 1, 0, 1, 0, 1, 0, 2, 0 }, [3, EditTeacher.Parts]);
        var tokens = one.Forward(ids);
        tokens.shape.ShouldBe([3, EditTeacher.Tokens, Width]);
        (tokens - other.Forward(ids)).abs().max().item<float>().ShouldBe(0);
        tokens.mean([2]).abs().max().item<float>().ShouldBeLessThan(1e-4f);
        tokens.square().mean([2]).sub(1).abs().max().item<float>().ShouldBeLessThan(1e-2f);

        // Operation, old name and colour are equal; the new name and its look are not.
        double Apart(int row, int from, int count) => (tokens[0].narrow(0, from, count) - tokens[row].narrow(0, from, count)).abs().max().item<float>();
        Apart(1, 0, 2).ShouldBe(0);
        Apart(1, 3, 1).ShouldBe(0);
        Apart(1, 2, 1).ShouldBeGreaterThan(0.5);
        Apart(1, EditTeacher.Parts, EditTeacher.Tokens - EditTeacher.Parts).ShouldBeGreaterThan(0.1);
        (tokens[1] - tokens[2]).narrow(0, EditTeacher.Parts, 1).abs().max().item<float>().ShouldBeGreaterThan(0.01f);
    }
}
