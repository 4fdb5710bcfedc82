namespace FlowKit.Data;

/// <summary>Tables of numbers.</summary>
internal static class CatalogTables
{
    public static IReadOnlyList<CatalogEntry> Entries { get; } =
    [
        new("wine", "178 wines, 13 numbers and a cultivar each. CSV")
        {
            License = "CC BY 4.0",
            Citation = "S. Aeberhard, M. Forina: Wine. UCI Machine Learning Repository, 1992",
            Split = "by seed; the classes are in order",
            IsEmbedded = true,
            Files = [new("wine_data.csv", 11157, "10e8a802908b34f86e5da8ce962f3c806694bc98450a18f61851af59f324bede")],
        },
        new("breast-cancer", "569 tissue samples, 30 numbers and a diagnosis each. CSV")
        {
            License = "CC BY 4.0",
            Citation = "W. Wolberg, O. Mangasarian, N. Street, W. Street: Breast Cancer Wisconsin (Diagnostic). UCI Machine Learning Repository, 1995",
            Split = "by seed",
            IsEmbedded = true,
            Files = [new("breast_cancer.csv", 119913, "fed3eb72d0575ef6192293f5093c6e801b1476b577d0386bf4455504522172ed")],
        },
        new("iris", "150 irises, 4 numbers and a species each. CSV")
        {
            License = "CC BY 4.0",
            Citation = "R. A. Fisher: The use of multiple measurements in taxonomic problems. Annals of Eugenics 7, 1936",
            Split = "by seed; the classes are in order",
            IsEmbedded = true,
            Files = [new("iris.csv", 2734, "f13ffa8fdd56fd8e6c8d16d4081a3fbd3114bcd0aae4256c43205169cd9d1449")],
        },
        new("maf-tables", "POWER, GAS, HEPMASS, MINIBOONE and BSDS300 as the density estimation papers use them. NPY, pickle, CSV and HDF5 in one archive")
        {
            License = "each its own, named in the record",
            Citation = "G. Papamakarios, T. Pavlakou, I. Murray: Masked autoregressive flow for density estimation. NeurIPS, 2017; data: Zenodo record 1161203, 2018",
            Split = "POWER, GAS, MINIBOONE: last tenth test, last tenth of the rest validation; HEPMASS and BSDS300 bring their own",
            Addresses = ["https://zenodo.org/record/1161203/files/"],
            Aliases = ["power", "gas", "hepmass", "miniboone", "bsds300"],
            Files = [new("data.tar.gz")],
        },
    ];
}
