using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace HomelabOps.Core.Databases;

/// <summary>
/// Asks SQLite whether a database is whole (<c>PRAGMA integrity_check</c>). It is opened as the application would open it, so what its log
/// has is taken over first: it has to be a copy that nobody else uses.
/// </summary>
internal static class DatabaseCheck
{
    private const int MostProblems = 3;

    // An application may sort by rules of its own. Without them the pages can still be checked.
    private const string MissingOrder = "no such collation sequence: ";

    // Of a search index that needs a part of the application.
    private const string Unverifiable = "unable to validate";

    // These say that it is damaged; everything else that a part is missing, or that this machine is not able to.
    private static readonly int[] Damages = [raw.SQLITE_CORRUPT, raw.SQLITE_NOTADB, raw.SQLITE_FORMAT, raw.SQLITE_IOERR];

    /// <summary>Checks a copy of a database.</summary>
    /// <param name="file">Path of the copy on this machine; its logs lie beside it.</param>
    /// <param name="cancellationToken">Breaks the check off.</param>
    public static Task<(DatabaseState State, string Detail)> RunAsync(string file, CancellationToken cancellationToken) => Task.Run(() => Run(file, cancellationToken), cancellationToken);

    private static (DatabaseState State, string Detail) Run(string file, CancellationToken cancellationToken)
    {
        var text = new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString();
        using var connection = new SqliteConnection(text);
        var (check, orders) = ("integrity_check", new HashSet<string>(StringComparer.OrdinalIgnoreCase));
        var isWhole = true;
        while (true)
        {
            try
            {
                connection.Open();
                var handle = connection.Handle;
                using var interruption = cancellationToken.Register(() => raw.sqlite3_interrupt(handle));
                var found = isWhole ? Ask(connection, $"PRAGMA {check}(100)", cancellationToken) : Tables(connection, cancellationToken).SelectMany(table => Ask(connection, $"PRAGMA {check}({table})", cancellationToken));
                var problems = found.Where(row => row != "ok" && !row.StartsWith(Unverifiable, StringComparison.OrdinalIgnoreCase)).Take(MostProblems).ToList();
                return problems.Count == 0 ? (DatabaseState.Whole, "") : (DatabaseState.Damaged, string.Join("; ", problems).ReplaceLineEndings(" "));
            }
            catch (SqliteException) when (cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException(cancellationToken);
            }
            catch (SqliteException error) when (OrderOf(error) is { } order && orders.Add(order))
            {
                // Which of two texts comes first is not known, so it is not asked whether the indexes are in order.
                connection.CreateCollation(order, string.CompareOrdinal);
                check = "quick_check";
            }
            catch (SqliteException error) when (error.SqliteErrorCode == raw.SQLITE_ERROR && isWhole)
            {
                // A table that is a part of the application ends the check of all; the others can be asked for one by one.
                isWhole = false;
            }
            catch (SqliteException error)
            {
                return (Damages.Contains(error.SqliteErrorCode) ? DatabaseState.Damaged : DatabaseState.Unknown, Words(error));
            }
        }
    }

    private static List<string> Tables(SqliteConnection connection, CancellationToken cancellationToken) =>
        Ask(connection, "SELECT '\"' || replace(name, '\"', '\"\"') || '\"' FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'", cancellationToken);

    private static List<string> Ask(SqliteConnection connection, string question, CancellationToken cancellationToken)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Texts of this class, and names that are quoted.
        command.CommandText = question;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            rows.Add(reader.GetString(0));
        }

        return rows;
    }

    private static string? OrderOf(SqliteException error) => Words(error) is var words && words.IndexOf(MissingOrder, StringComparison.Ordinal) is >= 0 and var start ? words[(start + MissingOrder.Length)..].TrimEnd('.', '\'') : null;

    // The library packs SQLite's words into a sentence of its own.
    private static string Words(SqliteException error) => error.Message.IndexOf('\'', StringComparison.Ordinal) is >= 0 and var start ? error.Message[(start + 1)..].TrimEnd('.', '\'') : error.Message;
}
