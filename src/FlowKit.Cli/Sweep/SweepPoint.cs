using System.Security.Cryptography;
using System.Text;

namespace FlowKit.Cli;

/// <summary>A point of the grid: the settings of one run, and its seed.</summary>
internal sealed record SweepPoint(IReadOnlyList<KeyValuePair<string, string>> Settings, long Seed)
{
    private const int LongestName = 100;

    /// <summary>The setting alone, as "lr=1e-3,layers=4".</summary>
    public string Setting => string.Join(',', Settings.Select(setting => $"{setting.Key}={setting.Value}"));

    /// <summary>What it is called, as "lr=1e-3,seed=1".</summary>
    public string Name => Settings.Count == 0 ? $"seed={Seed}" : $"{Setting},seed={Seed}";

    /// <summary>Its name as a folder name; where a character had to be replaced, a digest keeps the name unique.</summary>
    public string FolderName
    {
        get
        {
            string safe = string.Concat(Name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '=' or ',' or '+' or '-' ? c : '_'));
            if (safe == Name && safe.Length <= LongestName) return safe;
            return $"{safe[..Math.Min(safe.Length, LongestName)]}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Name)))[..8]}";
        }
    }
}
