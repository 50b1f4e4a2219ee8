using FlexEdit.Masks;
using FlexEdit.Tests.Unit.World;
using FlexEdit.Training.Data;
using FlexEdit.Training.World;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Training;

public sealed class DataMixTests(TinyWorld world) : IClassFixture<TinyWorld>
{
    private const int Side = 32;

    [Fact]
    public void Shares_are_exact_in_every_block_and_every_example_comes_once_before_one_comes_again()
    {
        var mix = new DataMix([(new Numbers("a", 70), 1), (new Numbers("b", 900), 3)], seed: 5);
        var block = Enumerable.Range(3000, DataMix.BlockSize).Select(i => mix.Locate(i)).ToArray();
        block.Count(l => l.Source.Name == "a").ShouldBe(250);
        block.Take(100).Count(l => l.Source.Name == "a").ShouldBeInRange(10, 45, "shuffled, not one after another");
        var all = Enumerable.Range(0, 7 * DataMix.BlockSize).Select(i => mix.Locate(i)).Where(l => l.Source.Name == "a").Select(l => l.Index).ToArray();
        foreach (var round in all.Chunk(70))
            round.Distinct().Count().ShouldBe(round.Length);
        all[..70].ShouldNotBe(all[70..140], "shuffled anew");
    }

    [Fact]
    public void A_number_is_the_same_example_whoever_asks_and_in_which_order()
    {
        DataMix Mix(ulong seed) => new([(new Numbers("a", 70), 1), (World(), 1)], seed);
        var forwards = Mix(5);
        var made = Enumerable.Range(0, 40).Select(i => forwards.Make(i)).ToArray();
        var backwards = Mix(5);
        foreach (var i in Enumerable.Range(0, 40).Reverse())
            Same(backwards.Make(i), made[i]);
        Enumerable.Range(0, 40).Any(i => Mix(6).Make(i).Id != made[i].Id).ShouldBeTrue();
        // Two processes see what one would.
        Enumerable.Range(0, 20).SelectMany(i => new[] { DataMix.Sharded(i, 0, 2), DataMix.Sharded(i, 1, 2) }).ShouldBe(Enumerable.Range(0, 40).Select(i => (long)i));
    }

    [Fact]
    public void A_damaged_example_is_replaced_and_too_many_are_told()
    {
        var mix = new DataMix([(new Numbers("a", 200, bad: 7), 1)], seed: 5);
        Enumerable.Range(0, 200).Select(i => mix.Make(i).Id).ShouldNotContain("7");
        mix.Damaged.ShouldBe(1);
        var broken = new DataMix([(new Numbers("a", 200, bad: -1), 1)], seed: 5);
        Should.Throw<FormatException>(() => broken.Make(0)).Message.ShouldContain("Too many examples are damaged");
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(5, 0)]
    [InlineData(5, double.NaN)]
    public void An_empty_set_or_no_weight_is_refused(int count, double weight) =>
        Should.Throw<ArgumentException>(() => new DataMix([(new Numbers("a", count), weight)], 1)).Message.ShouldContain("'a'");

    [Fact]
    public void Every_kind_can_be_named_and_all_of_them_make_a_report()
    {
        using var sets = new PublishedLayouts();
        var (coco, references) = (sets.Coco(), sets.References());
        string[] options =
        [
            $"world:{world.Folder}@4", $"coco:{coco},{sets.PathOf("coco")}", $"refcoco:{references},{coco},{sets.PathOf("coco")}", $"magicbrush:{sets.MagicBrush()}@0.5",
            $"instructpix2pix:{sets.InstructPix2Pix()}", $"llava:{sets.Llava()},{sets.PathOf("llava/train2017")}", $"subjects:{sets.YouTubeVos()}@2",
        ];
        var parts = DataSetOption.Open(options, Side, TrainingMarks.Both, seed: 1);
        parts.Select(p => p.Source.Name).ShouldBe(["world", "coco", "refcoco", "magicbrush", "instructpix2pix", "llava", "subjects"]);
        parts.Select(p => p.Weight).ShouldBe([4, 1, 1, 0.5, 1, 1, 2]);

        var mix = new DataMix(parts, seed: 1);
        foreach (var number in Enumerable.Range(0, 60))
            Check(mix.Make(number));
        var page = File.ReadAllText(DataReport.Write(mix, sets.PathOf("report"), Side, examples: 200));
        mix.Damaged.ShouldBe(0);
        page.ShouldContain("add a hat");
        page.ShouldContain("Where is this?");
        foreach (var (source, _) in parts)
            File.Exists(sets.PathOf($"report/data-{source.Name}.png")).ShouldBeTrue(source.Name);
    }

    [Theory]
    [InlineData("pictures:x", "is no data set")]
    [InlineData("coco:x", "is no data set")]
    [InlineData("coco", "has no kind")]
    [InlineData("magicbrush:x@much", "'much' is no weight")]
    public void An_option_that_means_nothing_is_told_what_may_be_written(string option, string sentence)
    {
        var message = Should.Throw<FormatException>(() => DataSetOption.Open([option], Side, TrainingMarks.Both, 1)).Message;
        message.ShouldContain(sentence);
        message.ShouldContain("instructpix2pix:FOLDER");
    }

    private WorldSource World() => new(new EditRenderer(world.Catalog, Side, 1, EditMix.All, heldOut: false, TrainingMarks.Both), 500);

    private static void Check(LearningExample example)
    {
        example.Scene.Length.ShouldBe(Side * Side * 3, example.Source);
        example.Mask.AsSpan().Contains(Mask.Marked).ShouldBeTrue(example.Source);
        (example.Target is null).ShouldBe(example.Source == "llava", example.Source);
        (example.Answer is null).ShouldBe(example.Source != "llava", example.Source);
        if (example.Source is "coco" or "refcoco")
            example.FullMask!.AsSpan().Contains(Mask.Marked).ShouldBeTrue();
        if (example.Source is "instructpix2pix" or "llava")
            example.Mask.ShouldAllBe(m => m == Mask.Marked);
        if (example.Source == "subjects")
            example.Subject.ShouldNotBeNull();
    }

    private static void Same(LearningExample a, LearningExample b)
    {
        (a.Source, a.Id, a.Instruction).ShouldBe((b.Source, b.Id, b.Instruction));
        a.Scene.ShouldBe(b.Scene);
        a.Mask.ShouldBe(b.Mask);
    }

    private sealed class Numbers(string name, int count, int? bad = null) : ILearningSource
    {
        public string Name => name;

        public int Count => count;

        public LearningExample Make(int index, SeededRandom random) => bad == index || bad < 0
            ? throw new FormatException($"{index} is damaged")
            : new LearningExample { Source = name, Id = $"{index}", Scene = [(byte)random.Next(256)], Mask = [1], Instruction = "" };
    }
}
