using HomelabOps.Core.Journal;
using HomelabOps.Core.Tests.Topology;

namespace HomelabOps.Core.Tests.Journal;

public sealed class ChangeJournalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private ChangeJournal Journal => new(Path.Combine(_folder.Root, "journal"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_change_has_a_line_before_and_one_after()
    {
        var during = new List<JournalState>();
        await Journal.RunAsync(Entry("sonarr"), () =>
        {
            during.AddRange(Journal.Read().Select(entry => entry.State));
            return Task.FromResult(1);
        });

        Assert.Equal([JournalState.Started], during);
        var lines = Journal.Read().ToList();
        Assert.Equal([JournalState.Started, JournalState.Done], lines.Select(line => line.State));
        Assert.Equal(lines[0].Id, lines[1].Id);
        Assert.Equal(("home", "sonarr", "MergePatch", "{}"), (lines[0].Cluster, lines[0].Name, lines[0].Undo!.Form, lines[0].Undo!.Value));
    }

    [Fact]
    public async Task A_change_that_fails_says_why_and_the_failure_goes_on()
    {
        var error = new HomelabException("Id", ErrorKind.ConnectionError, "no answer");
        Assert.Same(error, await Assert.ThrowsAsync<HomelabException>(() => Journal.RunAsync<int>(Entry("sonarr"), () => throw error)));
        Assert.Equal((JournalState.Failed, "no answer"), (Journal.Read().Last().State, Journal.Read().Last().Failure));
    }

    [Fact]
    public async Task Only_what_was_made_is_counted()
    {
        var journal = Journal;
        await Assert.ThrowsAsync<HomelabException>(() => journal.RunAsync<int>(Entry("sonarr"), () => throw new HomelabException("Id", ErrorKind.ConnectionError, "no answer")));
        Assert.Equal(0, journal.Made);
        await journal.RunAsync(Entry("sonarr"), () => Task.FromResult(1));
        Assert.Equal(1, journal.Made);
    }

    [Fact]
    public async Task Many_writers_at_once_lose_nothing()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 40), async (number, _) => await Journal.RunAsync(Entry($"app-{number}"), () => Task.FromResult(number)));
        Assert.Equal(80, Journal.Read().Count());
        Assert.Equal(40, Journal.Read().Select(entry => entry.Id).Distinct().Count());
    }

    [Fact]
    public async Task Who_reads_waits_for_who_writes_and_lets_others_write()
    {
        await Journal.RunAsync(Entry("first"), () => Task.FromResult(1));
        var written = new FileStream(Assert.Single(Directory.GetFiles(Path.Combine(_folder.Root, "journal"))), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        var reading = Task.Run(() => Journal.Read().Count(), TestContext.Current.CancellationToken);
        await Task.WhenAny(reading, Task.Delay(200, TestContext.Current.CancellationToken));
        await written.DisposeAsync();
        Assert.Equal(2, await reading);

        using var lines = Journal.Read().GetEnumerator();
        Assert.True(lines.MoveNext());
        await Journal.RunAsync(Entry("second"), () => Task.FromResult(1));
    }

    [Fact]
    public async Task A_line_that_a_crash_cut_off_harms_no_other()
    {
        await Journal.RunAsync(Entry("first"), () => Task.FromResult(1));
        var file = Assert.Single(Directory.GetFiles(Path.Combine(_folder.Root, "journal")));
        await File.AppendAllTextAsync(file, "{\"version\":1,\"id\":\"cut");
        await Journal.RunAsync(Entry("second"), () => Task.FromResult(1));
        Assert.Equal(["first", "second"], Journal.Read().Select(entry => entry.Name).OfType<string>());
    }

    [Fact]
    public void A_later_format_is_not_guessed_at()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Root, "journal"));
        File.WriteAllText(Path.Combine(_folder.Root, "journal", "changes-2030-01.jsonl"), "{\"version\":2,\"id\":\"x\",\"state\":\"Done\"}\n");
        Assert.Equal("JournalTooNew", Assert.Throws<HomelabException>(() => Journal.Read().ToList()).Id);
    }

    [Fact]
    public void What_cannot_be_read_is_told()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Root, "journal"));

        // A folder under the name of a file is not listed as one, and a dead link has nothing to read.
        File.CreateSymbolicLink(Path.Combine(_folder.Root, "journal", "changes-2030-01.jsonl"), Path.Combine(_folder.Root, "gone"));
        Assert.Equal("JournalUnreadable", Assert.Throws<HomelabException>(() => Journal.Read().ToList()).Id);
    }

    [Fact]
    public async Task Without_a_journal_nothing_is_changed()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.Root, "journal"), "a file where the folder should be");
        var changed = false;
        var error = await Assert.ThrowsAsync<HomelabException>(() => Journal.RunAsync(Entry("sonarr"), () => Task.FromResult(changed = true)));
        Assert.Equal(("JournalUnwritable", false), (error.Id, changed));
    }

    [Fact]
    public async Task Only_its_owner_can_read_it()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows keeps the user's profile to the user.");
            return;
        }

        await Journal.RunAsync(Entry("sonarr"), () => Task.FromResult(1));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Directory.GetFiles(Path.Combine(_folder.Root, "journal"))[0]));
    }

    private static JournalEntry Entry(string name) => new() { Cluster = "home", Kind = "Kustomization", Namespace = "flux-system", Name = name, Change = "{}", Undo = JournalUndo.MergePatch("{}") };
}
