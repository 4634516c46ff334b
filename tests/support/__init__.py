"""What tests share: LibreOffice, validators and our own checks of a document's structure."""
