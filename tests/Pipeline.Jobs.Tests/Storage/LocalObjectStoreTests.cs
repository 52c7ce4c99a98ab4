using System.Diagnostics;
using Pipeline.Jobs.Storage;

namespace Pipeline.Jobs.Tests.Storage;

public sealed class LocalObjectStoreTests : ObjectStoreContract
{
    private readonly TemporaryFolder folder = new();

    public override ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override Task<IObjectStore> OpenAsync() => Task.FromResult<IObjectStore>(new LocalObjectStore(folder.Path));

    protected override Task<IObjectStore> OpenMissingAsync() => Task.FromResult<IObjectStore>(new LocalObjectStore(folder.In("missing")));

    [Fact]
    public void Uris_are_escaped_so_that_they_name_the_file_again()
    {
        var uri = new LocalObjectStore("/data/a b#c").UriOf("100% é?.png");

        Assert.Equal("file:///data/a%20b%23c/100%25%20%C3%A9%3F.png", uri);
        Assert.Equal("/data/a b#c/100% é?.png", ObjectLocation.Normalize(uri));
    }

    [Fact]
    public async Task A_sweep_of_leftovers_takes_no_write_that_has_just_begun()
    {
        var store = new LocalObjectStore(folder.Path);
        var writing = Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                await store.PutAsync($"{writer}", new MemoryStream([1]), Stop);
            }
        })));
        while (!writing.IsCompleted)
        {
            await store.DiscardPartialWritesAsync("", Stop);
        }

        await writing;
    }

    [Fact]
    public async Task A_file_can_be_read_as_soon_as_it_has_its_name()
    {
        using var partial = new PartialFile(folder.Path);
        await partial.WriteAsync(new MemoryStream("whole"u8.ToArray()), Stop);
        Posix.Link(partial.Path, folder.In("placed"));

        // The writer still holds its lock on the file, which by now has both names.
        Assert.Equal("whole", await File.ReadAllTextAsync(folder.In("placed"), Stop));
    }

    [Fact]
    public async Task A_write_that_is_broken_off_leaves_nothing_to_see()
    {
        await PutAsync("object", "old");

        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.PutAsync("object", new BreakingStream(), Stop));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.PutAsync("new", new BreakingStream(), Stop));

        Assert.Equal("old", await ReadAsync("object"));
        Assert.Equal(["object"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task What_a_killed_process_was_writing_is_never_listed_and_can_be_discarded()
    {
        await PutAsync("staged/object", "content");
        using var live = new PartialFile(folder.In("staged"));
        var dead = folder.In("staged", $".pipeline-{Guid.NewGuid():n}.partial");
        await File.WriteAllTextAsync(dead, "brok", Stop);

        Assert.Equal(["staged/object"], await KeysAsync(""));
        await Store.DiscardPartialWritesAsync("", Stop);

        Assert.False(File.Exists(dead));
        Assert.True(File.Exists(live.Path));
        Assert.Equal(["staged/object"], await KeysAsync(""));
    }

    [Fact]
    public async Task Links_to_files_and_folders_are_followed_and_loops_end()
    {
        using var elsewhere = new TemporaryFolder();
        await File.WriteAllTextAsync(elsewhere.In("far.jpg"), "far", Stop);
        await PutAsync("near/near.jpg", "near");
        File.CreateSymbolicLink(folder.In("file.jpg"), folder.In("near", "near.jpg"));
        Directory.CreateSymbolicLink(folder.In("far"), elsewhere.Path);
        Directory.CreateSymbolicLink(folder.In("near", "up"), folder.Path);
        Directory.CreateSymbolicLink(folder.In("near", "self"), ".");
        File.CreateSymbolicLink(folder.In("dangling.jpg"), folder.In("nothing"));
        File.CreateSymbolicLink(folder.In("round.jpg"), folder.In("round.jpg"));

        var listed = await Store.ListAsync("", Stop).ToListAsync(Stop);

        Assert.Contains(listed, found => found is { Key: "far/far.jpg", Bytes: 3 });
        Assert.Contains(listed, found => found is { Key: "file.jpg", Bytes: 4 });
        Assert.Contains(listed, found => found is { Key: "near/near.jpg", Bytes: 4 });
        Assert.Contains(listed, found => found.Key == "dangling.jpg");
        Assert.Contains(listed, found => found.Key == "round.jpg");
        Assert.DoesNotContain(listed, found => found.Key.Contains("up/near/up", StringComparison.Ordinal));
        Assert.Equal(4, (await Store.FindAsync("file.jpg", Stop))!.Value.Bytes);
        Assert.Null(await Store.FindAsync("dangling.jpg", Stop));
        Assert.Equal(ObjectStoreFault.NotFound, await FaultOf(() => Store.OpenReadAsync("dangling.jpg", Stop)));
    }

    [Fact]
    public async Task A_name_that_is_no_text_is_listed_and_not_lost()
    {
        using var made = Process.Start("bash", ["-c", $"echo x > '{folder.Path}'/$'\\xff.jpg'"]);
        await made.WaitForExitAsync(Stop);

        var listed = await Store.ListAsync("", Stop).SingleAsync(Stop);

        using var removed = Process.Start("bash", ["-c", $"rm '{folder.Path}'/*.jpg"]);
        await removed.WaitForExitAsync(Stop);
        Assert.Equal("\uFFFD.jpg", listed.Key);
        Assert.Equal(ObjectStoreFault.NotFound, await FaultOf(() => Store.OpenReadAsync(listed.Key, Stop)));
    }

    [Fact]
    public async Task A_named_pipe_is_refused_and_not_waited_for()
    {
        using var made = Process.Start("mkfifo", [folder.In("pipe.jpg")]);
        await made.WaitForExitAsync(Stop);

        Assert.Equal(ObjectStoreFault.Rejected, await FaultOf(() => Store.OpenReadAsync("pipe.jpg", Stop)));
    }

    [Fact]
    public async Task A_file_in_the_place_of_a_folder_is_named()
    {
        await PutAsync("file", "content");

        Assert.Null(await Store.FindAsync("file/below", Stop));
        Assert.Equal(ObjectStoreFault.NotFound, await FaultOf(() => Store.OpenReadAsync("file/below", Stop)));
        Assert.Equal(ObjectStoreFault.Rejected, await FaultOf(() => Store.PutAsync("file/below", new MemoryStream(), Stop)));
    }

    [Fact]
    public async Task A_folder_that_may_not_be_written_is_told_from_other_faults()
    {
        // Nobody may make folders in /sys, not even root.
        var store = new LocalObjectStore("/sys/pipeline");

        Assert.Equal(ObjectStoreFault.AccessDenied, await FaultOf(() => store.PutAsync("object", new MemoryStream(), Stop)));
        Assert.Equal(ObjectStoreFault.AccessDenied, await FaultOf(() => store.TryCreateAsync("object", default, Stop)));
    }

    [Theory]
    [InlineData(Posix.NoSpace, ObjectStoreFault.Full)]
    [InlineData(Posix.QuotaExceeded, ObjectStoreFault.Full)]
    [InlineData(Posix.ReadOnlyFileSystem, ObjectStoreFault.AccessDenied)]
    [InlineData(Posix.IoError, ObjectStoreFault.Unavailable)]
    [InlineData(Posix.StaleHandle, ObjectStoreFault.Unavailable)]
    [InlineData(36, ObjectStoreFault.Rejected)]
    public void Errors_of_the_system_become_faults(int errno, ObjectStoreFault fault)
    {
        var translated = LocalFaults.Translate("/data/x", new IOException("said the system", errno));

        Assert.Equal(fault, translated.Fault);
        Assert.Contains("/data/x", translated.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_is_told_from_other_faults()
    {
        await using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);

        var error = Assert.Throws<IOException>(() => full.Write([1]));

        Assert.Equal(ObjectStoreFault.Full, LocalFaults.Translate("/data/x", error).Fault);
    }

    private sealed class BreakingStream : MemoryStream
    {
        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            destination.Write([1, 2, 3]);
            throw new InvalidOperationException("broken off");
        }
    }
}
