using System.Text.Json.Serialization;
using Pipeline.Jobs.Sources;
using Pipeline.Jobs.Specs;
using Pipeline.TestServers;

namespace Pipeline.Jobs.Tests.Sources;

/// <summary>Tables that name images, in local folders and on the real S3 server.</summary>
public sealed class ManifestTests(SharedCephS3 shared)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_csv_names_images_by_key_and_by_uri(bool isS3)
    {
        using var bench = await SourceBench.CreateAsync(shared, isS3);
        await bench.AddAsync("photos/a, b.jpg", "first");
        await bench.AddAsync("other/c.jpg", "second");
        await bench.AddAsync("list.csv", $"id,path,place\r\none,\"photos/a, b.jpg\",\"the\nsea\"\r\n\r\ntwo,{bench.Place}/other/c.jpg,\r\n");
        var spec = bench.Spec("list.csv") with { Caption = "What is it?" };

        var rows = await bench.PlanAsync(spec);

        Assert.Equal(["one", "two"], rows.Select(row => row.Key));
        Assert.All(rows, row => Assert.Null(row.Fault));
        Assert.EndsWith(isS3 ? "/some/source/photos/a, b.jpg" : "/source/photos/a%2C%20b.jpg", rows[0].Uri, StringComparison.Ordinal);
        Assert.Equal("first", await bench.ReadAsync(spec, rows[0]));
        Assert.Equal("second", await bench.ReadAsync(spec, rows[1]));
        Assert.DoesNotContain(await bench.FaultsAsync(spec), fault => fault.Pointer is not "/model");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Bad_rows_are_planned_as_failures_that_name_line_and_mend(bool isS3)
    {
        using var bench = await SourceBench.CreateAsync(shared, isS3);
        await bench.AddAsync("list.csv", """
            image,kind
            a.jpg,cat
            ,dog
            b.jpg
            ../c.jpg,cat
            https://example.com/d.jpg,cat
            a.jpg,dog
            e.jpg,
            "f"x.jpg,cat
            g.jpg,dog
            """);

        var rows = await bench.PlanAsync(bench.Spec("list.csv") with { Caption = "Is this {kind} old?" });

        Assert.Equal(
            ["a.jpg", "list.csv#line-3", "list.csv#line-4", "list.csv#line-5", "list.csv#line-6", "list.csv#line-7", "list.csv#line-8", "list.csv#line-9", "g.jpg"],
            rows.Select(row => row.Key));
        string[] said = ["", "names no image", "1 fields where the header has 2", "leads out", "unknown scheme", "'a.jpg' is that of an earlier row", "no 'kind'", "quote", ""];
        Assert.All(rows.Zip(said), pair => Assert.Contains(pair.Second, pair.First.Fault ?? "", StringComparison.Ordinal));
        Assert.All(rows.Where(row => row.Fault is not null), row => Assert.StartsWith($"list.csv, {row.Key["list.csv#".Length..].Replace('-', ' ')}: ", row.Fault!, StringComparison.Ordinal));
        Assert.Equal([0, 8], rows.Index().Where(row => row.Item.Fault is null).Select(row => row.Index));
    }

    [Fact]
    public async Task The_same_source_gives_the_same_rows()
    {
        using var bench = SourceBench.Local();
        await bench.AddAsync("b.jsonl", string.Join('\n', Enumerable.Range(0, 500).Select(n => $$"""{"key":"{{n % 450}}.jpg","n":{{n}}}""")));
        await bench.AddAsync("a/x.ndjson", """{"key":"last.jpg","n":null}""");
        await bench.AddAsync("a/notes.txt", "nothing");
        var spec = bench.Spec(input: new InputSpec { Format = SourceFormat.Jsonl }) with { Caption = "Number {n}?" };

        var first = await bench.PlanAsync(spec);

        Assert.Equal(first, await bench.PlanAsync(spec));
        Assert.Equal(501, first.Select(row => row.Key).Distinct().Count());
        Assert.Equal(51, first.Count(row => row.Fault is not null));
        Assert.Equal("a/x.ndjson#line-1", first[0].Key);
    }

    [Fact]
    public async Task A_row_has_its_own_words_and_questions_behind_those_of_the_job()
    {
        using var bench = SourceBench.Local();
        await bench.AddAsync("list.jsonl", """
            {"image": "a.jpg", "where": "Rome", "year": 1950, "ask": ["Who is it?", {"id": "hat", "text": "A {hat}?", "kind": "yes-no"}]}
            {"image": "b.jpg", "where": "Bern", "year": 2001.5, "ask": "How many?"}
            {"image": "c.jpg", "where": "Oslo", "year": true}
            {"image": "d.jpg", "where": "Oslo", "year": 1, "ask": [{"id": "place", "text": "again"}]}
            {"image": "e.jpg", "where": "Oslo", "year": 1, "ask": [{"id": "x", "text": "Which?", "kind": "choice"}]}
            {"image": "f.jpg", "where": "Oslo", "year": 1, "ask": "[1"}
            [1, 2]
            """);
        var spec = bench.Spec("list.jsonl", new InputSpec { QuestionsColumn = "ask" }) with
        {
            Caption = "Taken in {where}, {year}: {{really}}?",
            Questions = [new Question { Id = "place", Text = "Is it {where}?" }],
        };

        var rows = await bench.PlanAsync(spec);

        var first = RowPrompts.Resolve(spec, rows[0]);
        Assert.Equal("Taken in Rome, 1950: {really}?", first.Caption);
        Assert.Equal(["Is it Rome?", "Who is it?", "A {hat}?"], first.Questions.Select(question => question.Text));
        Assert.Equal(["place", "row1", "hat"], first.Questions.Select(question => question.Id));
        Assert.Equal(QuestionKind.YesNo, first.Questions[2].Kind);
        Assert.Equal("Taken in Bern, 2001.5: {really}?", RowPrompts.Resolve(spec, rows[1]).Caption);
        Assert.Equal("How many?", RowPrompts.Resolve(spec, rows[1]).Questions[1].Text);
        Assert.Equal(["Is it Oslo?"], RowPrompts.Resolve(spec, rows[2]).Questions.Select(question => question.Text));
        string[] said = ["\"place\" is the id of question 0 too", "choice", "JSON list", "no JSON object"];
        Assert.All(rows.Skip(3).Zip(said), pair => Assert.Contains(pair.Second, pair.First.Fault ?? "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_parquet_manifest_is_read_with_columns_of_any_type(bool isS3)
    {
        using var bench = await SourceBench.CreateAsync(shared, isS3);
        await bench.AddAsync("images/1.jpg", "one");
        await bench.AddAsync("list.parquet", await SourceBench.ParquetAsync(Enumerable.Range(1, 5).Select(n => new Row { Id = n, Uri = n == 4 ? null : $"{n}.jpg", Score = n == 5 ? null : n / 2.0 })));
        var spec = bench.Spec("list.parquet", new InputSpec { Base = $"{bench.Place}/images" }) with { Caption = "{score}?" };

        var rows = await bench.PlanAsync(spec);

        Assert.Equal([null, null, null], rows.Take(3).Select(row => row.Fault));
        Assert.Equal(["1", "2", "3", "list.parquet#row-3", "list.parquet#row-4"], rows.Select(row => row.Key));
        Assert.Equal("1.5?", RowPrompts.Resolve(spec, rows[2]).Caption);
        Assert.Equal("one", await bench.ReadAsync(spec, rows[0]));
    }

    [Theory]
    [InlineData("list.csv", "", "/source", "it is empty")]
    [InlineData("list.csv", "image\n", "/source", "has no rows")]
    [InlineData("list.csv", "a,a\n1,2", "/source", "two columns are called 'a'")]
    [InlineData("list.csv", "photo\n1", "/input/image_column", "the columns of 'list.csv' are 'photo'")]
    [InlineData("list.csv", "image\na.jpg", "/caption", "no such column")]
    [InlineData("list.parquet", "PAR1", "/source", "cannot be read as Parquet")]
    [InlineData("list.tar", "x", "/source", "no whole tar file")]
    [InlineData("missing/list.csv", "x", "/source", "There is no")]
    public async Task What_is_wrong_with_a_whole_table_is_told_at_submission(string name, string content, string pointer, string said)
    {
        using var bench = SourceBench.Local();
        await bench.AddAsync(name.Replace("missing/", ""), content);

        var faults = await bench.FaultsAsync(bench.Spec(name) with { Caption = "A {colour} thing?" });

        Assert.Contains(faults, fault => fault.Pointer == pointer && fault.Detail.Contains(said, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_fits_no_folder_of_images_is_named()
    {
        using var bench = SourceBench.Local();
        await bench.AddAsync("a.jpg", "x");

        var faults = await bench.FaultsAsync(bench.Spec(input: new InputSpec { IdColumn = "id", Base = "/x" }) with { Caption = "{braces stay as they are" });

        Assert.Equal(["/input/base", "/input/id_column"], faults.Select(fault => fault.Pointer).Where(pointer => pointer != "/model"));
        Assert.Equal(
            ["/caption", "/input/by_content"],
            (await bench.FaultsAsync(bench.Spec("a.csv", new InputSpec { ByContent = true }) with { Caption = "{x" }))
                .Select(fault => fault.Pointer).Where(pointer => pointer is not ("/model" or "/source")).Order());
    }

    [Fact]
    public async Task A_folder_of_images_is_asked_what_the_job_says_braces_and_all()
    {
        using var bench = SourceBench.Local();
        await bench.AddAsync("a.jpg", "x");
        var spec = bench.Spec() with { Caption = "Answer as {json}" };

        var row = Assert.Single(await bench.PlanAsync(spec));

        Assert.Same(spec, RowPrompts.Resolve(spec, row));
    }

    private sealed class Row
    {
        [JsonPropertyName("id")]
        public int Id { get; set; }

        [JsonPropertyName("uri")]
        public string? Uri { get; set; }

        [JsonPropertyName("score")]
        public double? Score { get; set; }
    }
}
