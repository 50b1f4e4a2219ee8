using FlexEdit.Masks;
using FlexEdit.Training.World;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.World;

public sealed class WorldTests(TinyWorld world) : IClassFixture<TinyWorld>
{
    private const int Side = 64;

    public static TheoryData<EditOperation> Operations => [.. Enum.GetValues<EditOperation>()];

    [Fact]
    public void Objects_are_cut_to_what_is_visible_and_named_by_the_vocabulary()
    {
        var apple = world.Catalog.Objects.Single(o => o.Name == "apple");
        apple.Known.ShouldBeTrue();
        (apple.Width, apple.Height).ShouldBe((47, 47));
        world.Catalog.Objects.ShouldContain(o => o.Name == "thing 3" && !o.Known);
    }

    [Fact]
    public void Flags_and_clock_faces_are_no_things() =>
        world.Catalog.Objects.ShouldNotContain(o => o.Name.Contains("flag") || o.Name.Contains("clock"));

    [Fact]
    public void The_split_is_fixed_by_name_alone()
    {
        HeldOut.Object("backpack").ShouldBeFalse();
        HeldOut.Object("guitar").ShouldBeFalse();
        HeldOut.Object("violin").ShouldBeTrue();
        HeldOut.Photograph("gnome-backgrounds--adwaita-d.webp").ShouldBe(HeldOut.Photograph("gnome-backgrounds--adwaita-l.webp"));
        HeldOut.Photograph("lomiri-wallpapers-16.04--picosdeeuropa_by_Aitzol_Berasategi.jpg").ShouldBeTrue();
        var objects = Enumerable.Range(0, 3000).Count(i => HeldOut.Object($"name {i}")) / 3000.0;
        objects.ShouldBe(0.1, 0.02);
    }

    [Fact]
    public void No_name_that_is_held_out_is_in_the_models_vocabulary() =>
        world.Catalog.Vocabulary.Names.ShouldBe(
            world.Catalog.Objects.Where(o => o is { Known: true, HeldOut: false }).Select(o => o.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void The_benchmarks_names_stay_and_no_thing_is_held_out_for_one_and_trained_for_the_other()
    {
        var benchmark = new WorldCatalog(world.Folder, benchmarkNames: true).Objects;
        var all = world.Catalog.Objects;
        all.Select(o => o.HeldOut).ShouldBe(benchmark.Select(o => o.HeldOut));
        var (known, before) = all.Zip(benchmark).Where(pair => pair.First.Known != pair.Second.Known).ShouldHaveSingleItem();
        (known.Name, known.Known, known.HeldOut).ShouldBe(("wine", true, true));
        (before.Name, before.Known).ShouldBe(("wine glass", false));
    }

    [Fact]
    public void A_folder_that_was_not_filled_is_told_with_its_remedy() =>
        Should.Throw<DirectoryNotFoundException>(() => new WorldCatalog(Path.Combine(world.Folder, "objects")))
            .Message.ShouldContain("training/assets/fetch");

    [Theory]
    [MemberData(nameof(Operations))]
    public void The_same_number_gives_the_same_sample(EditOperation operation)
    {
        var (one, other) = (Renderer(operation, seed: 4), Renderer(operation, seed: 4));
        one.Render(0);
        var (a, b) = (one.Render(17), other.Render(17));
        a.Scene.ShouldBe(b.Scene);
        a.Target.ShouldBe(b.Target);
        a.Mask.ShouldBe(b.Mask);
        a.Instruction.ShouldBe(b.Instruction);
        Renderer(operation, seed: 5).Render(17).Scene.ShouldNotBe(a.Scene);
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void Scene_and_target_differ_only_where_an_object_stands(EditOperation operation)
    {
        for (var i = 0; i < 12; i++)
        {
            var sample = Renderer(operation).Render(i);
            var changed = Changed(sample);
            changed.IsEmpty.ShouldBeFalse($"sample {i}");
            if (operation is EditOperation.Recolour or EditOperation.Paint or EditOperation.Remove)
                changed.Subtract(Mask.FromSamples(sample.FullMask, Side, Side, 1)).IsEmpty.ShouldBeTrue($"sample {i}");
        }
    }

    [Theory]
    [InlineData(EditOperation.AddNamed)]
    [InlineData(EditOperation.AddSubject)]
    public void An_added_object_is_centred_in_the_masks_box_and_nearly_as_long(EditOperation operation)
    {
        for (var i = 0; i < 12; i++)
        {
            var sample = Renderer(operation).Render(i);
            sample.FullMask.ShouldAllBe(a => a == 0);
            var mask = Mask.FromSamples(sample.Mask, Side, Side).Bounds;
            var thing = Changed(sample).Bounds;
            if (!new Box(2, 2, Side - 4, Side - 4).Contains(thing))
                continue;
            ((double)thing.LongerSide / mask.LongerSide).ShouldBe(EditRenderer.ObjectShare, 0.12);
            (thing.X + (thing.Width / 2.0)).ShouldBe(mask.X + (mask.Width / 2.0), 2);
            (thing.Y + (thing.Height / 2.0)).ShouldBe(mask.Y + (mask.Height / 2.0), 2);
        }
    }

    [Fact]
    public void The_mask_takes_the_share_of_the_crop_that_the_service_gives_it()
    {
        var renderer = new EditRenderer(world.Catalog, Side, 2, EditMix.All, heldOut: false);
        var shares = Enumerable.Range(0, 100)
            .Select(i => Mask.FromSamples(renderer.Render(i).Mask, Side, Side).Bounds.LongerSide / (double)Side).ToArray();
        shares.Min().ShouldBeGreaterThan(0.35);
        shares.Max().ShouldBeLessThan(0.72);
        shares.Average().ShouldBe(1 / EditCrop.ServiceFactor, 0.04);
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void The_words_fit_the_operation(EditOperation operation)
    {
        for (var i = 0; i < 20; i++)
        {
            var sample = Renderer(operation).Render(i);
            var bySubject = operation is EditOperation.AddSubject or EditOperation.ReplaceSubject;
            (sample.Subject is not null).ShouldBe(bySubject);
            (sample.Colour is not null).ShouldBe(operation is EditOperation.Recolour or EditOperation.Paint);
            sample.Instruction.ShouldNotContain("{");
            if (sample.Colour is { } colour)
                sample.Instruction.ShouldContain(colour);
            if (sample.NewName is { } name)
                sample.Instruction.ShouldContain(name);
            EditSentences.Answer(sample.Label).ShouldStartWith($"The masks mean \"{sample.Label}\"");
        }
    }

    [Fact]
    public void Training_never_shows_what_is_held_out()
    {
        var heldOut = world.Catalog.Objects.Where(o => o.HeldOut).Select(o => o.Name).ToHashSet();
        heldOut.ShouldNotBeEmpty();
        var renderer = new EditRenderer(world.Catalog, Side, 3, EditMix.All, heldOut: false);
        foreach (var sample in Enumerable.Range(0, 100).Select(i => renderer.Render(i)))
        {
            heldOut.ShouldNotContain(sample.Label);
            heldOut.ShouldNotContain(sample.OldName ?? "");
            heldOut.ShouldNotContain(sample.NewName ?? "");
        }
    }

    private EditRenderer Renderer(EditOperation operation, ulong seed = 1) =>
        new(world.Catalog, Side, seed, new Dictionary<EditOperation, double> { [operation] = 1 }, heldOut: false);

    private static Mask Changed(EditSample sample)
    {
        var changed = new Mask(Side, Side);
        for (var i = 0; i < Side * Side; i++)
        {
            if (!sample.Scene.AsSpan(i * 3, 3).SequenceEqual(sample.Target.AsSpan(i * 3, 3)))
                changed.Pixels[i] = Mask.Marked;
        }

        return changed;
    }
}
