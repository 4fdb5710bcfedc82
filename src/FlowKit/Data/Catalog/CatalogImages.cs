namespace FlowKit.Data;

/// <summary>Sets of pictures.</summary>
internal static class CatalogImages
{
    private const string Fashion = "H. Xiao, K. Rasul, R. Vollgraf: Fashion-MNIST: a novel image dataset for benchmarking machine learning algorithms. arXiv:1708.07747, 2017";

    public static IReadOnlyList<CatalogEntry> Entries { get; } =
    [
        new("fashion-mnist-t10k", "10,000 gray pictures of clothes, 28x28: the test images of Fashion-MNIST. IDX")
        {
            License = "MIT",
            Citation = Fashion,
            Split = "by index: 8000 train, 2000 test",
            IsEmbedded = true,
            Files = [.. FashionFiles.Skip(2)],
        },
        new("fashion-mnist", "70,000 gray pictures of clothes, 28x28, in ten classes. IDX")
        {
            License = "MIT",
            Citation = Fashion,
            Split = "60,000 train, 10,000 test",
            Files = FashionFiles,
            Addresses = ["https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/"],
            DebianPackages = ["dataset-fashion-mnist"],
        },
        new("mnist", "70,000 handwritten digits, 28x28 gray, in ten classes. IDX")
        {
            License = "CC BY-SA 3.0",
            Citation = "Y. LeCun, L. Bottou, Y. Bengio, P. Haffner: Gradient-based learning applied to document recognition. Proceedings of the IEEE 86, 1998",
            Split = "60,000 train, 10,000 test",
            Addresses = ["https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/"],
            Files =
            [
                new("train-images-idx3-ubyte.gz", 9912422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
                new("train-labels-idx1-ubyte.gz", 28881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
                new("t10k-images-idx3-ubyte.gz", 1648877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
                new("t10k-labels-idx1-ubyte.gz", 4542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
            ],
        },
        new("digits", "1797 handwritten digits, 8x8 with 17 gray levels, in ten classes. CSV")
        {
            License = "CC BY 4.0",
            Citation = "E. Alpaydin, C. Kaynak: Optical Recognition of Handwritten Digits. UCI Machine Learning Repository, 1998",
            Split = "by index: 1300 train, 100 validation, 397 test",
            IsEmbedded = true,
            Files = [new("digits.csv.gz", 57512, "46abec6b12486ad9e51943373abcf22bbea1b5a51a1619b361570d8893f1464a")],
        },
        new("cifar-10", "60,000 color pictures, 32x32, in ten classes. CIFAR binary in one archive")
        {
            License = "none stated; its author asks to be cited",
            Citation = "A. Krizhevsky: Learning multiple layers of features from tiny images. University of Toronto, 2009",
            Split = "50,000 train, 10,000 test",
            Addresses = ["https://www.cs.toronto.edu/~kriz/"],
            Files = [new("cifar-10-binary.tar.gz", 170052171, "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd")],
        },
        new("cifar-100", "60,000 color pictures, 32x32, in a hundred classes. CIFAR binary in one archive")
        {
            License = "none stated; its author asks to be cited",
            Citation = "A. Krizhevsky: Learning multiple layers of features from tiny images. University of Toronto, 2009",
            Split = "50,000 train, 10,000 test",
            Addresses = ["https://www.cs.toronto.edu/~kriz/"],
            Files = [new("cifar-100-binary.tar.gz", null, "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec")],
        },
        new("svhn", "99,289 color pictures of house numbers, 32x32, in ten classes. MAT-files")
        {
            License = "for non-commercial use",
            Citation = "Y. Netzer, T. Wang, A. Coates, A. Bissacco, B. Wu, A. Y. Ng: Reading digits in natural images with unsupervised feature learning. NIPS workshop, 2011",
            Split = "73,257 train, 26,032 test",
            Addresses = ["http://ufldl.stanford.edu/housenumbers/"],
            Files =
            [
                new("train_32x32.mat", 182040794, "435e94d69a87fde4fd4d7f3dd208dfc32cb6ae8af2240d066de1df7508d083b8"),
                new("test_32x32.mat", 64275384, "cdce80dfb2a2c4c6160906d0bd7c68ec5a99d7ca4831afa54f09182025b6a75b"),
            ],
        },
        new("svhn-extra", "531,131 more color pictures of house numbers, 32x32, less difficult ones. One MAT-file")
        {
            License = "for non-commercial use",
            Citation = "Y. Netzer, T. Wang, A. Coates, A. Bissacco, B. Wu, A. Y. Ng: Reading digits in natural images with unsupervised feature learning. NIPS workshop, 2011",
            Split = "all for training",
            Addresses = ["http://ufldl.stanford.edu/housenumbers/"],
            Files = [new("extra_32x32.mat")],
        },
        new("imagenet32", "1,331,167 color pictures, 32x32, in a thousand classes. NPZ files in two archives")
        {
            License = "for non-commercial research, after agreement",
            Citation = "P. Chrabaszcz, I. Loshchilov, F. Hutter: A downsampled variant of ImageNet as an alternative to the CIFAR datasets. arXiv:1707.08819, 2017",
            Split = "1,281,167 train, 50,000 validation",
            Page = "https://image-net.org/download-images.php",
            Files = [new("Imagenet32_train_npz.zip"), new("Imagenet32_val_npz.zip")],
        },
        new("imagenet64", "1,331,167 color pictures, 64x64, in a thousand classes. NPZ files in three archives")
        {
            License = "for non-commercial research, after agreement",
            Citation = "P. Chrabaszcz, I. Loshchilov, F. Hutter: A downsampled variant of ImageNet as an alternative to the CIFAR datasets. arXiv:1707.08819, 2017",
            Split = "1,281,167 train, 50,000 validation",
            Page = "https://image-net.org/download-images.php",
            Files = [new("Imagenet64_train_part1_npz.zip"), new("Imagenet64_train_part2_npz.zip"), new("Imagenet64_val_npz.zip")],
        },
        new("lsun-bedroom", "3,033,342 color pictures of bedrooms, 256 or more pixels high. LMDB in two archives, for another program to convert")
        {
            License = "for non-commercial research",
            Citation = "F. Yu, A. Seff, Y. Zhang, S. Song, T. Funkhouser, J. Xiao: LSUN: construction of a large-scale image dataset using deep learning with humans in the loop. arXiv:1506.03365, 2015",
            Split = "3,033,042 train, 300 validation",
            Addresses = ["http://dl.yf.io/lsun/scenes/"],
            Files = [new("bedroom_train_lmdb.zip"), new("bedroom_val_lmdb.zip")],
        },
        new("bair", "44,000 films of a robot that pushes things, 64x64. TFRecord files in one archive of 30 GB, for another program to convert")
        {
            License = "none stated; its authors ask to be cited",
            Citation = "F. Ebert, C. Finn, A. X. Lee, S. Levine: Self-supervised visual planning with temporal skip connections. arXiv:1710.05268, 2017",
            Split = "train and test folders in the archive",
            Addresses = ["http://rail.eecs.berkeley.edu/datasets/"],
            Files = [new("bair_robot_pushing_dataset_v0.tar")],
        },
        new("celeba", "202,599 color pictures of faces with 40 attributes, 178x218. JPEG in one archive, text")
        {
            License = "for non-commercial research, after agreement",
            Citation = "Z. Liu, P. Luo, X. Wang, X. Tang: Deep learning face attributes in the wild. ICCV, 2015",
            Split = "162,770 train, 19,867 validation, 19,962 test, in list_eval_partition.txt",
            Page = "https://mmlab.ie.cuhk.edu.hk/projects/CelebA.html",
            Files = [new("img_align_celeba.zip"), new("list_attr_celeba.txt"), new("list_eval_partition.txt")],
        },
        new("photographs", "four photographs: a person, a photographer, a cat, a cup. Lossless PNG")
        {
            License = "public domain (astronaut), CC0 1.0 (camera, chelsea, coffee)",
            Citation = "S. van der Walt and others: scikit-image: image processing in Python. PeerJ 2:e453, 2014",
            Split = "none",
            IsEmbedded = true,
            Files =
            [
                new("astronaut.png", 791555, "88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5"),
                new("camera.png", 139512, "b0793d2adda0fa6ae899c03989482bff9a42d3d5690fc7e3648f2795d730c23a"),
                new("chelsea.png", 240512, "596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb"),
                new("coffee.png", 466706, "cc02f8ca188b167c775a7101b5d767d1e71792cf762c33d6fa15a4599b5a8de7"),
            ],
        },
        new("wallpapers", "fifteen large photographs to cut into patches. JPEG")
        {
            License = "each its own: nine CC BY 4.0, five CC BY-SA 4.0, one CC0 1.0",
            Citation = "UBports community: Lomiri wallpapers 16.04, 2018",
            Split = "by photograph, never by patch; scale down before a lossless claim",
            DebianPackages = ["lomiri-wallpapers-16.04"],
            Files =
            [
                Wallpaper("Bridge_by_Sander_Klootwijk", 914024, "bd86b081f9975e2b83527f71e49b9271a8ab40885428395969d9f7d834d7f050"),
                Wallpaper("Dragonfly_by_Bolly", 1520114, "af5af17841009732def24b09bb1e669a1b09d2b4bdeee7812c371101c30d2bb3"),
                Wallpaper("Picture_0B_by_freespace", 740181, "c8c0ab18e48d9e0419fe42881112137f3afafc27dfddc29ec3a6d54c56d225ad"),
                Wallpaper("Picture_1A_by_freespace", 1181733, "89e86af38d04daaef975665dc2127e9fa76f0fd68f4eea105a2d0ae3390b010b"),
                Wallpaper("Wine_by_Jakkub_Mede", 522397, "d2e96e6d4da40dd804b3d0ce295e94de04a2d7d9b6785d42cd9d92ba58bced74"),
                Wallpaper("aitzgorri_by_Aitzol_Berasategi", 1072182, "66268e7b48f8854d36a28765fac6e23ec1aee251daa6da1f64715f201020ad36"),
                Wallpaper("analogpattern_by_Peter_Nerlich", 912470, "15372488a192b2be2eafc67bd3ed31cbfca19abe3929e925607fcbc9cb4d4202"),
                Wallpaper("free_by_Peter_Nerlich", 722237, "85a5453c2fed514c75973016f3d862aca62eb7ca087618822469274ac1092373"),
                Wallpaper("friends_by_Aitzol_Berasategi", 575004, "cc40e313c74e421edffe3403def413c16878ce14661cce7ec5915baeab35538d"),
                Wallpaper("greentock_by_Peter_Nerlich", 769018, "e7b20e2db9dcd6e2b278ca55873c2110b35d89cd38b04d0b18728726888e6889"),
                Wallpaper("life_by_Aitzol_Berasategi", 1720388, "4c119350ead80201fe256850c3d316309ddfb4bdf10b235ce982dcde0c667c05"),
                Wallpaper("picosdeeuropa_by_Aitzol_Berasategi", 1826239, "414d0072b2f6f2c555deafeaef6e45c4fed6fa9ad26eba6560ca8803959cf97a"),
                Wallpaper("seeding_by_Clements_Engelhardt", 1485159, "a5634d1ab5e41a3568e92d4a894a500c92b891f9ff734e50bd224d6e185a605f"),
                Wallpaper("sunset_by_Aitzol_Berasategi", 1109778, "474dab6a4b9f94dc76c29dfe30e9f5db4af0fd2e33fe5d695f8152b371efca18"),
                Wallpaper("umang_by_Abhishek_Mudgal", 899716, "bfb425545e77e9f0eb1b037b607fc9ed4a446f3b0f04aa2879be3556073c57ef"),
            ],
        },
        new("emoji", "3786 emoji, 32x32 RGBA, in one sheet of 62x62 cells of 34 pixels. PNG, and their names as JSON")
        {
            License = "CC BY 4.0 (graphics, Twitter), MIT (sheet)",
            Citation = "Twitter: Twemoji; C. Henderson: emoji-data 16.0",
            Split = "none; keep the skin tones of one emoji in one part",
            NpmPackage = "emoji-datasource-twitter@16.0.0",
            Files =
            [
                new("32.png", 4901480, "2767ef2e87cbfb6cc12ac46596c339549afaf0ae8771cf51100c8853f6bde632") { InPackage = "package/img/twitter/sheets/32.png" },
                new("emoji.json", 1313457, "1d602e65be88772bf8cc368ce16b855d719eeddbafe128d471b80203f494d29f") { InPackage = "package/emoji.json" },
            ],
        },
    ];

    private static IReadOnlyList<CatalogFile> FashionFiles =>
    [
        Clothes("train-images-idx3-ubyte.gz", 26421856, "b0564c3eedabfbf835052cff8503ea422014ce006caf5b757f851416ee8300c7"),
        Clothes("train-labels-idx1-ubyte.gz", 29491, "0ae29f65d86684f32d1b9c85147786c547b9c6aebcaf235f0400a0cce308b056"),
        Clothes("t10k-images-idx3-ubyte.gz", 4422079, "cc1d090a38ace84dfa1aa66e3ada7c336ef481a96936906477e6dd344da56eaa"),
        Clothes("t10k-labels-idx1-ubyte.gz", 5125, "8d3605d196f4be44669e46906da9733c8131fef761fdbfec72c424d5222f1a05"),
    ];

    private static CatalogFile Clothes(string name, long size, string sha256) => new(name, size, sha256) { InPackage = $"usr/share/datasets/fashion-mnist/{name}" };

    private static CatalogFile Wallpaper(string name, long size, string sha256) => new($"{name}.jpg", size, sha256) { InPackage = $"usr/share/backgrounds/{name}.jpg" };
}
