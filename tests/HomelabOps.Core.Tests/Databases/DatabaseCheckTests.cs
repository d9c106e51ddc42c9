using HomelabOps.Core.Databases;
using HomelabOps.Core.Machine;
using Microsoft.Data.Sqlite;

namespace HomelabOps.Core.Tests.Databases;

/// <summary>Databases that SQLite itself made, and what can become of them when their files are copied one by one.</summary>
public sealed class DatabaseCheckTests : IDisposable
{
    private const int Page = 4096;

    private readonly ScratchFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Copy => Path.Combine(_folder.Path, "copy.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_database_is_whole()
    {
        Make("");
        Assert.Equal((DatabaseState.Whole, ""), await DatabaseCheck.RunAsync(Copy, Stop));
    }

    [Fact]
    public async Task What_its_log_has_belongs_to_it()
    {
        using var open = Open(Path.Combine(_folder.Path, "live.db"));
        Run(open, "PRAGMA journal_mode = wal; PRAGMA wal_autocheckpoint = 0; CREATE TABLE series (title TEXT); INSERT INTO series VALUES ('One');");
        File.Copy(Path.Combine(_folder.Path, "live.db"), Copy);
        File.Copy(Path.Combine(_folder.Path, "live.db-wal"), Copy + "-wal");
        Assert.Equal((DatabaseState.Whole, ""), await DatabaseCheck.RunAsync(Copy, Stop));
        using var taken = Open(Copy);
        using var command = taken.CreateCommand();
        command.CommandText = "SELECT title FROM series";
        Assert.Equal("One", command.ExecuteScalar());
    }

    [Fact]
    public async Task Pages_of_two_times_are_found()
    {
        Make("");
        var before = await File.ReadAllBytesAsync(Copy, Stop);
        using (var open = Open(Copy))
        {
            Run(open, "DELETE FROM series WHERE number % 3 = 0; CREATE INDEX later ON series (number); INSERT INTO series SELECT title || 'x', number FROM series;");
        }

        // The last half has come, and of the first half what was there before.
        var after = await File.ReadAllBytesAsync(Copy, Stop);
        var half = before.Length / Page / 2 * Page;
        await File.WriteAllBytesAsync(Copy, [.. before.AsSpan(0, half), .. after.AsSpan(half)], Stop);
        var (state, detail) = await DatabaseCheck.RunAsync(Copy, Stop);
        Assert.Equal(DatabaseState.Damaged, state);
        Assert.NotEmpty(detail);
    }

    [Fact]
    public async Task One_that_is_cut_off_is_found()
    {
        Make("");
        await using (var file = new FileStream(Copy, FileMode.Open))
        {
            file.SetLength(file.Length / Page / 2 * Page);
        }

        Assert.Equal(DatabaseState.Damaged, (await DatabaseCheck.RunAsync(Copy, Stop)).State);
    }

    [Theory]
    [InlineData("SQLite format 3")]
    [InlineData("SQLite format 3\0 and then nothing that anybody would know, for many words")]
    public async Task What_only_begins_like_one_is_damaged(string text)
    {
        await File.WriteAllTextAsync(Copy, text, Stop);
        Assert.Equal(DatabaseState.Damaged, (await DatabaseCheck.RunAsync(Copy, Stop)).State);
    }

    [Fact]
    public async Task An_order_that_only_the_application_knows_is_no_damage()
    {
        using (var open = Open(Copy))
        {
            open.CreateCollation("icu_root", string.CompareOrdinal);
            Run(open, "CREATE TABLE items (title TEXT COLLATE icu_root); CREATE INDEX titles ON items (title); INSERT INTO items VALUES ('One'), ('Two');");
        }

        Assert.Equal((DatabaseState.Whole, ""), await DatabaseCheck.RunAsync(Copy, Stop));
        var bytes = await File.ReadAllBytesAsync(Copy, Stop);
        bytes.AsSpan(Page, Page).Fill(0x55);
        await File.WriteAllBytesAsync(Copy, bytes, Stop);
        Assert.Equal(DatabaseState.Damaged, (await DatabaseCheck.RunAsync(Copy, Stop)).State);
    }

    [Fact]
    public async Task A_search_index_that_only_the_application_knows_is_no_damage()
    {
        Make("CREATE VIRTUAL TABLE texts USING fts5(body); INSERT INTO texts VALUES ('some words'); PRAGMA writable_schema = on; UPDATE sqlite_schema SET sql = 'CREATE VIRTUAL TABLE texts USING fts5(body, tokenize=''collating'')' WHERE name = 'texts';");
        var (state, detail) = await DatabaseCheck.RunAsync(Copy, Stop);
        Assert.Equal((DatabaseState.Whole, ""), (state, detail));

        // What the application has beside it is looked at all the same.
        var bytes = await File.ReadAllBytesAsync(Copy, Stop);
        bytes.AsSpan(4 * Page, Page).Fill(0x55);
        await File.WriteAllBytesAsync(Copy, bytes, Stop);
        Assert.Equal(DatabaseState.Damaged, (await DatabaseCheck.RunAsync(Copy, Stop)).State);
    }

    [Fact]
    public async Task A_check_is_broken_off()
    {
        Make("");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => DatabaseCheck.RunAsync(Copy, new CancellationToken(canceled: true)));
        using var stop = new CancellationTokenSource();
        var check = DatabaseCheck.RunAsync(Copy, stop.Token);
        await stop.CancelAsync();
        try
        {
            Assert.Equal(DatabaseState.Whole, (await check).State);
        }
        catch (OperationCanceledException)
        {
            // It was not that quick.
        }
    }

    [Fact]
    public void A_report_has_sizes_and_logs()
    {
        var found = DatabaseScripts.Parse("4096 512 -1 /data/pods/some app/some.db\n8192 -1 -1 /data/b.sqlite\nfind: odd words of a tool\n");
        Assert.Equal([("/data/pods/some app/some.db", 4608L, "-wal"), ("/data/b.sqlite", 8192L, "")], found.Select(file => (file.Path, file.Bytes, string.Join(',', file.Logs))));
    }

    private void Make(string more)
    {
        using var open = Open(Copy);
        Run(open, "CREATE TABLE series (title TEXT, number INTEGER); CREATE INDEX titles ON series (title); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000) INSERT INTO series SELECT 'Some longer title of number ' || i, i FROM n;" + more);
    }

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    private static void Run(SqliteConnection connection, string text)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Texts of this class.
        command.CommandText = text;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
